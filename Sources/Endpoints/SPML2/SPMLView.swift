import JSON
import Reconciliation
import SCIM

/// What one target holds, in the terms of SCIM: its classes as resource types, and what can be done with each.
struct SPMLView: Sendable {
  /// A class of the target, as a resource type.
  struct Kind: Sendable {
    let type: ResourceType
    let mapping: DSMLMapping
    /// Whether the target suspends and resumes its objects, and tells which are active.
    let canSuspend: Bool
    let canSetPassword: Bool
  }

  let target: SPMLTarget
  let kinds: [Kind]
  let capabilities: Capabilities

  /// - Throws: `misconfigured` when the target has no such classes.
  init(_ target: SPMLTarget, _ settings: SPML2Settings) throws(EndpointError) {
    self.target = target
    let users = try target.required(settings.userClass, field: "spml2.userClass")
    let groups = try settings.groupClass.map { name throws(EndpointError) in
      try target.required(name, field: "spml2.groupClass")
    }
    let catalog = SchemaCatalog.standard
    kinds = [
      catalog.resourceType("User").map { Kind($0, users, target, DSMLField.ofUsers) },
      catalog.resourceType("Group").flatMap { type in groups.map { Kind(type, $0, target, DSMLField.ofGroups) } },
    ].compactMap(\.self)
    var capabilities = Capabilities(
      supportsPatch: true, supportsFilter: target.can(.search),
      supportsChangePassword: kinds.contains(where: \.canSetPassword), catalog: Self.catalog(kinds))
    // A target has one address of a user, in parts.
    capabilities.elementLimits["User"] = ["addresses": .one([:])]
    self.capabilities = capabilities
  }

  /// - Throws: `rejected` for a type that the target has no class for.
  func kind(_ type: ResourceType) throws(EndpointError) -> Kind {
    guard let kind = kinds.first(where: { $0.type.name == type.name }) else {
      throw EndpointError(.rejected, "the target has no class for resources of type \(type.name)")
    }
    return kind
  }

  private static func catalog(_ kinds: [Kind]) -> SchemaCatalog {
    SchemaCatalog(resourceTypes: kinds.map(\.type), schemas: kinds.flatMap(\.schemas))
  }
}

extension SPMLView.Kind {
  fileprivate init(
    _ type: ResourceType, _ objectClass: SPMLTarget.ObjectClass, _ target: SPMLTarget, _ fields: [DSMLField]
  ) {
    let isUser = type.name == "User"
    canSuspend = isUser && target.can(.suspend, with: objectClass.name)
    canSetPassword = isUser && target.can(.password, with: objectClass.name)
    var fields = fields
    // What has a capability of its own is no attribute; whether somebody is active is one only where it is declared.
    if isUser, !canSuspend, !objectClass.attributes.isEmpty { fields.append(.active) }
    if isUser, !canSetPassword { fields.append(.password) }
    mapping = DSMLMapping(objectClass, fields)
    var type = type
    type.extensions.removeAll { [mapping] in mapping.schema($0.schema) == nil }
    self.type = type
  }

  /// What the target holds of the schemas of the type.
  fileprivate var schemas: [Schema] {
    let others = (canSuspend ? ["active"] : []) + (canSetPassword ? ["password"] : [])
    var core = mapping.schema(type.schema, holding: Set(others))
    if mapping.entries(of: "externalId").isEmpty {
      // Every resource may have one, unless a schema says otherwise.
      core?.attributes.append(Attribute("externalId", isCaseExact: true, mutability: .readOnly))
    }
    return [core].compactMap(\.self) + type.extensions.compactMap { mapping.schema($0.schema) }
  }
}
