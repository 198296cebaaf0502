import JSON
import LocalDirectory
import SCIM

/// Finds the ids of members that are told by their names alone (`{"display": "PRIMARY/alice"}`), as WSO2's connector
/// tells them.
struct MemberNames: Sendable {
  let directory: Directory
  /// The type of what has the members.
  let type: ResourceType

  /// Names that one question asks for.
  private static let batchSize = 50

  /// The body with an id in each of its members. A member that is to go and that nobody is called is gone already.
  /// - Throws: `SCIMError` 400 for a member that is to come and that nobody is called.
  func resolved(in body: JSONObject) async throws -> JSONObject {
    guard let attribute = directory.catalog.membershipAttribute(of: type, for: "User"),
      let key = body.spelling(of: attribute), let members = body[key]?.array
    else { return body }
    let ids = try await ids(of: members.compactMap(Self.bareName), in: attribute)
    var resolved: [JSONValue] = []
    for member in members {
      guard let name = Self.bareName(member), var object = member.object else {
        resolved.append(member)
        continue
      }
      guard let id = ids[Self.folded(name)] else {
        if member.isMarkedDeleted { continue }
        throw SCIMError(status: 400, .invalidValue, "\(attribute): nobody is called \(name).")
      }
      object["value"] = .string(id)
      resolved.append(.object(object))
    }
    var body = body
    body[key] = .array(resolved)
    return body
  }

  /// The name of a member that has no id.
  private static func bareName(_ member: JSONValue) -> String? {
    guard let object = member.object else { return nil }
    let id = object.value(ignoringCase: "value")?.string ?? ""
    return id.isEmpty ? object.value(ignoringCase: "display")?.string : nil
  }

  private func ids(of names: [String], in attribute: String) async throws -> [String: String] {
    var missing = Set(names.map(Self.folded))
    var ids: [String: String] = [:]
    // Users before groups, where one of each has the name.
    for (kind, name) in [("User", "userName"), ("Group", "displayName")] where !missing.isEmpty {
      guard directory.catalog.membershipAttribute(of: type, for: kind) == attribute,
        let type = directory.catalog.resourceType(kind)
      else { continue }
      for (found, id) in try await find(missing.sorted(), type, by: AttributePath(name)) { ids[found] = id }
      missing.subtract(ids.keys)
    }
    return ids
  }

  private func find(
    _ names: [String], _ type: ResourceType, by path: AttributePath
  ) async throws -> [(name: String, id: String)] {
    var found: [(name: String, id: String)] = []
    for start in stride(from: 0, to: names.count, by: Self.batchSize) {
      let terms = names[start...].prefix(Self.batchSize).map { Filter.compare(path, .equal, .string($0)) }
      let filter = terms.dropFirst().reduce(terms[0]) { .or($0, $1) }
      let list = try await directory.list(type: type, ListQuery(filter: filter, attributes: [path]))
      found += list.resources.map { (Self.folded($0[path.attribute]?.string ?? ""), $0.id) }
    }
    return found
  }

  /// Names are one whatever their case, and with or without `PRIMARY/`.
  private static func folded(_ name: String) -> String { UserStoreDomain.kept(name).lowercased() }
}
