import JSON
import SCIM

/// An sObject that has users, and the sObject whose rows say which: public groups, and permission sets, which are roles in
/// the terms of the manifests.
struct Membership: Hashable, Sendable {
  /// The resource type.
  let name: String
  let object: String
  /// The field that people know it by.
  let nameField: String
  let conditions: [SOQL.Condition]
  /// The attribute that lists the members.
  let attribute: String
  let row: String
  let ownerField: String
  let memberField: String

  /// Groups that an administrator made, unlike queues and those that follow the role hierarchy.
  static let publicGroups = Membership(
    name: "Group", object: "Group", nameField: "Name", conditions: [.equals("Type", "Regular")], attribute: "members",
    row: "GroupMember", ownerField: "GroupId", memberField: "UserOrGroupId")

  /// Every profile has a permission set of its own, which is not assigned.
  static let permissionSets = Membership(
    name: "Role", object: "PermissionSet", nameField: "Label", conditions: [.flag("IsOwnedByProfile", false)],
    attribute: "users", row: "PermissionSetAssignment", ownerField: "PermissionSetId", memberField: "AssigneeId")

  /// - Throws: `rejected` for a type that has no members.
  static func of(_ type: ResourceType) throws(EndpointError) -> Membership {
    switch type.name {
    case "Group": return publicGroups
    case "Role": return permissionSets
    default: throw EndpointError(.rejected, "Salesforce has no resources of type \(type.name)")
    }
  }

  // MARK: Mapping

  var resourceType: ResourceType {
    ResourceType(name: name, endpoint: "/\(name)s", description: object, schema: urn)
  }

  private var urn: String { self == .publicGroups ? SchemaURN.group : SchemaURN.role }

  /// The standard schema without what there is no field for. Neither has an external id.
  var schema: Schema {
    var schema = SchemaCatalog.standard.schema(urn) ?? Schema(id: urn, name: name, attributes: [])
    schema.attributes = schema.attributes.filter { ["displayName", attribute].contains($0.name) }
    schema.attributes.append(
      Attribute("externalId", description: "Not kept there.", isCaseExact: true, mutability: .readOnly))
    return schema
  }

  /// The record of a new one.
  /// - Throws: `rejected` when it has no name.
  func record(_ attributes: JSONObject) throws(EndpointError) -> JSONObject {
    guard let displayName = attributes["displayName"]?.string, !displayName.isEmpty else {
      throw EndpointError(.rejected, "a \(name) needs a displayName")
    }
    let name = JSONValue.string(displayName)
    return self == .publicGroups
      ? ["Name": name, "Type": "Regular"] : ["Label": name, "Name": .string(Self.developerName(displayName))]
  }

  func resource(_ record: JSONObject, members: [String]) -> Resource {
    var resource: JSONObject = ["schemas": .array([.string(urn)])]
    resource["id"] = record["Id"]
    resource["displayName"] = record[nameField]
    if !members.isEmpty { resource[attribute] = .array(members.map { ["value": .string($0)] }) }
    return Resource(resource)
  }

  /// The ids of the members that a resource lists.
  func members(_ value: JSONValue?) -> [String] {
    (value?.array ?? value.map { [$0] } ?? []).compactMap { $0["value"]?.string ?? $0.string }
  }

  /// A name for programs: letters, digits and single underscores, a letter first.
  static func developerName(_ label: String) -> String {
    let words = label.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    let name = words.joined(separator: "_")
    return String((name.first?.isLetter == true ? name : name.isEmpty ? "X" : "X_\(name)").prefix(80))
  }
}
