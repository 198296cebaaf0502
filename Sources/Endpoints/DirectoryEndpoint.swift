import JSON
import LocalDirectory
import Reconciliation
import SCIM

/// The embedded directory, in process: the same port as any endpoint, without a network between.
package struct DirectoryEndpoint: Endpoint {
  package let name: String
  /// The administrator of whoever serves the directory; nobody signs in here.
  package let ownUserName: String?

  private let directory: Directory
  private let pageSize: Int

  /// - Parameter administrator: the one that a server of the directory makes when it first starts.
  package init(name: String, directory: Directory, administrator: String? = nil, pageSize: Int = 1000) {
    self.name = name
    ownUserName = administrator
    self.directory = directory
    self.pageSize = pageSize
  }

  package func capabilities() async throws(EndpointError) -> Capabilities {
    Capabilities(
      supportsPatch: true, supportsFilter: true, supportsSort: true, supportsEntityTags: true,
      supportsChangePassword: true, maxResults: pageSize, catalog: directory.catalog)
  }

  package func page(
    of type: ResourceType, at position: PagePosition?
  ) async throws(EndpointError) -> ResourcePage {
    guard case .index(let start) = position ?? .index(1) else {
      throw EndpointError(.rejected, "the embedded directory is read by index")
    }
    let list = try await ask { try await directory.list(type: type, ListQuery(startIndex: start, count: pageSize)) }
    let next = start + list.resources.count
    let isLast = list.resources.isEmpty || next > (list.totalResults ?? 0)
    return ResourcePage(
      resources: list.resources, totalResults: list.totalResults, next: isLast ? nil : .index(next))
  }

  package func resource(_ id: String, of type: ResourceType) async throws(EndpointError) -> Resource? {
    do throws(EndpointError) {
      return try await ask { try await directory.resource(type: type, id: id) }
    } catch {
      guard error.kind == .notFound else { throw error }
      return nil
    }
  }

  package func find(
    _ type: ResourceType, where attribute: String, equals value: String
  ) async throws(EndpointError) -> [Resource] {
    try await ask {
      let filter = Filter.compare(try AttributePath(parsing: attribute), .equal, .string(value))
      return try await directory.list(type: type, ListQuery(filter: filter)).resources
    }
  }

  package func create(_ attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource {
    try await ask { try await directory.create(type: type, attributes: attributes, by: Self.author) }
  }

  package func update(
    _ id: String, of type: ResourceType, _ update: ResourceUpdate, version: String?
  ) async throws(EndpointError) -> Resource? {
    try await ask {
      switch update {
      case .patch(let operations):
        try await directory.patch(type: type, id: id, operations: operations, ifMatch: version, by: Self.author)
      case .replace(let attributes):
        try await directory.replace(type: type, id: id, attributes: attributes, ifMatch: version, by: Self.author)
      }
    }
  }

  package func delete(_ id: String, of type: ResourceType, version: String?) async throws(EndpointError) {
    do throws(EndpointError) {
      try await ask { try await directory.delete(type: type, id: id, ifMatch: version, by: Self.author) }
    } catch {
      guard error.kind == .notFound else { throw error }
    }
  }

  /// The directory belongs to whoever opened it, so there is nothing to let go of.
  package func close() async {}

  /// How our writes are signed in the directory's events.
  private static let author: Author = "manifests"

  private func ask<Value: Sendable>(_ question: () async throws -> Value) async throws(EndpointError) -> Value {
    do {
      return try await question()
    } catch let error as SCIMError {
      throw EndpointError(error)
    } catch is CancellationError {
      throw EndpointError(.cancelled, "cancelled while the directory was at work")
    } catch {
      throw EndpointError(.unavailable(retryAfter: nil), "the directory's store failed: \(error)")
    }
  }
}
