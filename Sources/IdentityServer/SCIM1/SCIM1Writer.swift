import JSON
import LocalDirectory
import SCIM

/// Writes what SCIM 1.1 bodies say into the directory, for one author.
struct SCIM1Writer: Sendable {
  let directory: Directory
  let author: Author

  /// How often a PATCH is tried again that others overtook.
  private static let maxAttempts = 10

  func create(_ type: ResourceType, _ body: JSONObject, _ projection: Projection) async throws -> Resource {
    try await directory.create(
      type: type, attributes: try await resource(type, body), by: author, projection: projection)
  }

  func replace(
    _ type: ResourceType, _ id: String, _ body: JSONObject, ifMatch: String?, _ projection: Projection
  ) async throws -> Resource {
    try await directory.replace(
      type: type, id: id, attributes: try await resource(type, body), ifMatch: ifMatch, by: author,
      projection: projection)
  }

  /// Values are merged with those that the resource holds, so when another write comes between reading and writing, both
  /// are done again, unless the client itself says which version it means.
  /// - Parameter check: throws for operations that are not for this client.
  func patch(
    _ type: ResourceType, _ id: String, _ body: JSONObject, ifMatch: String?, _ projection: Projection,
    checking check: ([PatchOperation]) throws -> Void = { _ in }
  ) async throws -> Resource {
    let members = MemberNames(directory: directory, type: type)
    let change = try PartialResource(
      try await members.resolved(in: body), of: type, catalog: directory.catalog, atMost: ResourceLimits.values)
    var attempts = 1
    while true {
      let current = try await change.dependsOnResource ? self.current(type, id) : nil
      let operations = change.operations(on: current?.attributes ?? [:])
      try check(operations)
      do {
        return try await directory.patch(
          type: type, id: id, operations: operations, ifMatch: ifMatch ?? current?.version, by: author,
          projection: projection)
      } catch let error as SCIMError where error.status == 412 && ifMatch == nil && attempts < Self.maxAttempts {
        attempts += 1
      }
    }
  }

  /// The resource without its members, which no merging looks at.
  private func current(_ type: ResourceType, _ id: String) async throws -> Resource {
    try await directory.resource(
      type: type, id: id, projection: Projection(excluding: [AttributePath("members"), AttributePath("groups")]))
  }

  /// What a body says, in the terms of SCIM 2.0.
  func resource(_ type: ResourceType, _ body: JSONObject) async throws -> JSONObject {
    let named = try await MemberNames(directory: directory, type: type).resolved(in: body)
    return Dialect11.decoded(Resource(named), of: type).attributes
  }
}
