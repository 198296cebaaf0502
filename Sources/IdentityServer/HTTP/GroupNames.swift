import JSON
import LocalDirectory
import SCIM

/// How the names of groups read in answers. The directory keeps them without the domain of the primary user store.
package enum GroupNames: Sendable {
  /// `engineers`.
  case plain
  /// `PRIMARY/engineers`, as WSO2 Identity Server answers; names of users stay without.
  case qualified

  /// The resource with such names, its own and those of the groups that it refers to.
  func rendered(_ resource: Resource) -> Resource {
    guard self == .qualified, let schema = resource["schemas"]?.array?.first?.string else { return resource }
    var resource = resource
    if schema == SchemaURN.group {
      resource["displayName"] = resource["displayName"].map(Self.qualified)
      resource["members"] = resource["members"].map { Self.qualifyingDisplays($0) { $0["type"]?.string == "Group" } }
    } else if [SchemaURN.user, SchemaURN.role].contains(schema) {
      resource["groups"] = resource["groups"].map { Self.qualifyingDisplays($0) { _ in true } }
    }
    return resource
  }

  private static func qualifyingDisplays(_ references: JSONValue, where isGroup: (JSONObject) -> Bool) -> JSONValue {
    guard let elements = references.array else { return references }
    return .array(
      elements.map { element in
        guard var reference = element.object, isGroup(reference) else { return element }
        reference["display"] = reference["display"].map(qualified)
        return .object(reference)
      })
  }

  private static func qualified(_ name: JSONValue) -> JSONValue {
    name.string.map { .string(UserStoreDomain.qualified($0)) } ?? name
  }
}
