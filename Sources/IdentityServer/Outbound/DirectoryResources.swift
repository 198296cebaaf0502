import JSON
import LocalDirectory
import Reconciliation
import SCIM

/// Resources of the directory as a connector wants them at its endpoint.
struct DirectoryResources {
  let catalog: SchemaCatalog
  /// The domain that names have there; nil leaves them as they are.
  let domain: String?

  /// Without what follows from elsewhere (groups and roles of a user) and what is never told. References to other
  /// resources stand as `bulkId:` until their ids there are known.
  func desired(_ resource: Resource, as type: ResourceType) -> DesiredResource {
    let memberships = membershipAttributes(of: type)
    var attributes: [JSONObject.Member] = []
    for member in resource.attributes where !Self.common.contains(member.key) && !memberships.contains(member.key) {
      if let known = catalog.schema(member.key), let parts = member.value.object {
        let kept = parts.members.compactMap { part in written(part, known.attribute(part.key)) }
        attributes.append(.init(key: member.key, value: .object(JSONObject(uniqueMembers: kept))))
      } else if let kept = written(member, definition(of: member.key, in: type)) {
        attributes.append(kept)
      }
    }
    return DesiredResource(
      key: ResourceKey(type.name, resource.id), attributes: qualified(JSONObject(uniqueMembers: attributes), type),
      members: memberships.isEmpty ? nil : members(of: resource, in: memberships),
      lifecycle: Lifecycle(onRemoval: .delete), location: Self.location)
  }

  /// The attributes that list members: `members`, or `groups` and `users`.
  private func membershipAttributes(of type: ResourceType) -> Set<String> {
    Set(catalog.resourceTypes.compactMap { catalog.membershipAttribute(of: type, for: $0.name) })
  }

  private func members(of resource: Resource, in attributes: Set<String>) -> DesiredMembers {
    let keys = attributes.flatMap { resource[$0]?.array ?? [] }.compactMap { element -> ResourceKey? in
      guard let id = element["value"]?.string, let type = element["type"]?.string else { return nil }
      return ResourceKey(type, id)
    }
    return DesiredMembers(
      mode: .atLeast, references: Set(keys).sorted().map { DesiredMembers.Reference($0) }, allowsEmpty: true)
  }

  private func definition(of name: String, in type: ResourceType) -> Attribute? {
    catalog.schema(type.schema)?.attribute(name) ?? Schema.common.attribute(name)
  }

  /// nil for what is not ours to write.
  private func written(_ member: JSONObject.Member, _ attribute: Attribute?) -> JSONObject.Member? {
    guard let attribute else { return member }
    guard attribute.mutability != .readOnly, attribute.mutability != .writeOnly else { return nil }
    guard let kind = attribute.referencedTypes.first(where: { catalog.resourceType($0) != nil }),
      !attribute.isMultiValued, let id = member.value["value"]?.string
    else { return member }
    return .init(key: member.key, value: ["value": .string(ResourceKey(kind, id).bulkId)])
  }

  private func qualified(_ attributes: JSONObject, _ type: ResourceType) -> JSONObject {
    let naming = type.name == "User" ? "userName" : "displayName"
    guard let domain, ["User", "Group"].contains(type.name), let name = attributes[naming]?.string else {
      return attributes
    }
    var attributes = attributes
    attributes[naming] = .string(UserStoreDomain.moved(name, to: domain))
    return attributes
  }

  private static let common: Set<String> = ["id", "meta", "schemas"]
  private static let location = SourceLocation(file: "directory", line: 0)
}

extension DesiredResource {
  /// The resources that it refers to: members, managers.
  var referredTo: Set<ResourceKey> {
    let singular = attributes.members.flatMap { member in
      [member.value] + (member.key.hasPrefix("urn:") ? member.value.object?.members.map(\.value) ?? [] : [])
    }
    let keys = singular.compactMap { $0["value"]?.string.flatMap(ResourceKey.init(bulkId:)) }
    return Set(keys + (members?.references.map(\.key) ?? []))
  }
}
