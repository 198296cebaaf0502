import JSON

extension ChangeGraph {
  /// Service providers name identity providers and their connectors: these are there before they are named, and they are
  /// changed for the worse or deleted only once nobody names them any more.
  mutating func addProviderDependencies() {
    let identityProviders = changes.indices.filter { changes[$0].key.kind == "IdentityProvider" }
    guard !identityProviders.isEmpty else { return }
    for position in changes.indices where changes[position].key.kind == "ServiceProvider" {
      let application = changes[position]
      for other in identityProviders {
        let provider = changes[other]
        if provider.action != .create, application.releases(provider) {
          changes[other].dependencies.append(application.key)
        } else if provider.action != .delete, application.namesAfter.contains(where: { $0.name == provider.key.name }) {
          changes[position].dependencies.append(provider.key)
        }
      }
    }
  }
}

/// Where a service provider names an identity provider.
private struct ProviderName: Hashable {
  /// The attribute: to sign in and to be provisioned are two things.
  var attribute: String
  var name: String
}

extension Change {
  /// Whether this change of a service provider lets go of an identity provider. What a service provider named that is
  /// deleted is not known.
  fileprivate func releases(_ provider: Change) -> Bool {
    if action == .delete { return provider.action == .delete }
    return namesBefore.subtracting(namesAfter).contains { $0.name == provider.key.name }
  }

  /// The identity providers that the service provider names now, as far as that is to change.
  private var namesBefore: Set<ProviderName> {
    attributes.reduce(into: []) { names, change in change.before?.collectProviders(of: change.path, into: &names) }
  }

  /// The identity providers that the service provider is to name.
  fileprivate var namesAfter: Set<ProviderName> {
    (ledgerEntry?.applied.members ?? []).reduce(into: []) { names, member in
      member.value.collectProviders(of: member.key, into: &names)
    }
  }
}

extension JSONValue {
  /// The names of the identity providers in authentication steps and in entries of `outboundProvisioning`.
  /// - Parameter path: of the attribute or of a part of it.
  fileprivate func collectProviders(of path: String, into names: inout Set<ProviderName>) {
    let attribute = String(path.prefix { $0 != "." })
    guard attribute == "authentication" || attribute == "outboundProvisioning" else { return }
    switch self {
    case .array(let elements): for element in elements { element.collectProviders(of: path, into: &names) }
    case .object(let object):
      let federated = (object["federated"]?.array ?? []).compactMap(\.string)
      for name in federated + [object["identityProvider"]?.string].compactMap(\.self) {
        names.insert(ProviderName(attribute: attribute, name: name))
      }
      for member in object.members { member.value.collectProviders(of: path, into: &names) }
    case .null, .bool, .number, .string: break
    }
  }
}
