import JSON
import LocalDirectory
import SCIM

/// One resource that a request is about.
struct ResourcePlace {
  let visit: ConsoleVisit
  let kind: ConsoleKind
  let id: String

  init(_ visit: ConsoleVisit, _ kind: ConsoleKind, _ id: String) {
    self.visit = visit
    self.kind = kind
    self.id = id
  }

  /// What may be endless, and is shown page by page.
  private static let members = ["members", "users", "groups"].map { AttributePath($0) }

  /// The resource without its members.
  /// - Throws: `SCIMError` 404.
  func resource() async throws -> Resource {
    let excluded = kind == .users ? [] : Self.members
    return try await visit.directory.resource(
      type: try visit.type(kind), id: id, projection: Projection(excluding: excluded))
  }

  func path(_ action: ConsoleRoute.Action = .view) -> String { kind.path(id, action) }

  /// - Throws: ``Refusal`` 403.
  func demand(_ access: Access) throws(Refusal) { try visit.demand(access, kind, id: id) }

  func may(_ access: Access) -> Bool { visit.may(access, kind, id: id) }
}
