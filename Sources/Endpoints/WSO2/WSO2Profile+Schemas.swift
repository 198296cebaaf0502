import SCIM

extension Schema {
  /// The schema of users as the server keeps them, whatever it says.
  var asUsersAreKept: Schema {
    var schema = self
    schema.attributes = attributes.map { attribute in
      var attribute = attribute
      // What roles and groups somebody is in follows from these; a user is never renamed.
      if ["roles", "groups"].contains(attribute.name) { attribute.mutability = .readOnly }
      if attribute.name == "userName" { attribute.mutability = .immutable }
      // It forgets which value of several is the primary one.
      if attribute.isMultiValued { attribute.subAttributes.removeAll { $0.name == "primary" } }
      return attribute
    }
    if attribute("active") == nil {
      schema.attributes.append(Attribute("active", .boolean, description: "The opposite of accountDisabled."))
    }
    return schema
  }

  /// The schema of identity providers without what the management API has no place for.
  var asIdentityProvidersAreKept: Schema {
    leavingOut([
      "authenticators": ["issuer", "tls"], "justInTimeProvisioning": ["attributeSync", "roleSync", "association"],
      "provisioning": ["blocking"], "provisioning.connectors": ["endpoint", "tls", "groups", "rules"],
    ])
  }

  /// The schema of service providers without what the management API has no place for; a client keeps its identifier.
  var asApplicationsAreKept: Schema {
    var schema = leavingOut([
      "inbound.openidconnect": ["postLogoutRedirectURIs", "anyLoopbackPort", "scopes", "subject", "idTokenAlgorithm"]
    ])
    schema.attributes = schema.attributes.map { attribute in
      attribute.changing(["inbound", "openidconnect", "clientId"]) { $0.mutability = .immutable }
    }
    return schema
  }

  /// - Parameter missing: the names of parts by the path of what they are parts of.
  private func leavingOut(_ missing: [String: Set<String>]) -> Schema {
    var schema = self
    for (path, names) in missing {
      schema.attributes = schema.attributes.map { attribute in
        attribute.changing(path.split(separator: ".").map(String.init)[...]) { changed in
          changed.subAttributes.removeAll { names.contains($0.name) }
        }
      }
    }
    return schema
  }

  /// What `active` stands for is not written under its own name.
  var withoutLock: Schema {
    var schema = self
    for index in schema.attributes.indices where schema.attributes[index].name == WSO2ResourceMapping.disabled {
      schema.attributes[index].mutability = .readOnly
    }
    return schema
  }

  var withoutExternalId: Schema {
    var schema = self
    schema.attributes.append(
      Attribute("externalId", description: "Not kept there.", isCaseExact: true, mutability: .readOnly))
    return schema
  }

  /// Groups of user stores hold users and no groups.
  func withMembers(only type: String) -> Schema {
    var schema = self
    for index in schema.attributes.indices where schema.attributes[index].name == "members" {
      for part in schema.attributes[index].subAttributes.indices {
        let isReference = schema.attributes[index].subAttributes[part].name == "$ref"
        if isReference { schema.attributes[index].subAttributes[part].referenceTypes = [type] }
      }
    }
    return schema
  }
}

extension Attribute {
  /// Itself with the attribute at this path changed, which begins with a name; unchanged when that is another's.
  fileprivate func changing(_ path: ArraySlice<String>, _ change: (inout Attribute) -> Void) -> Attribute {
    guard name == path.first else { return self }
    var changed = self
    let rest = path.dropFirst()
    if rest.isEmpty {
      change(&changed)
    } else {
      changed.subAttributes = subAttributes.map { $0.changing(rest, change) }
    }
    return changed
  }
}
