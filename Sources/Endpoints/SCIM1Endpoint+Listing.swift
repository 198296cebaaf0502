import JSON
import LocalDirectory
import NIOCore
import NIOHTTP1
import SCIM

extension SCIM1Endpoint {
  /// The first page is asked for as it comes, since WSO2 Identity Server refuses `startIndex`; where there are more, they
  /// follow by it (SCIM 1.1 protocol, section 3.2.2.3).
  package func page(
    of type: ResourceType, at position: PagePosition?
  ) async throws(EndpointError) -> ResourcePage {
    guard case .index(let start) = position ?? .index(1) else {
      throw EndpointError(.rejected, "SCIM 1.1 is read by index")
    }
    let query = start == 1 ? "" : SCIM2Address.query([("startIndex", String(start))])
    guard let list = try await list(type, query) else {
      return ResourcePage(resources: [], totalResults: start - 1, next: nil)
    }
    let next = start + list.resources.count
    let hasMore = !list.resources.isEmpty && (list.totalResults.map { next <= $0 } ?? false || list.mayBeCut)
    return ResourcePage(
      resources: try await whole(list.resources, of: type), totalResults: list.totalResults,
      next: hasMore ? .index(next) : nil)
  }

  package func find(
    _ type: ResourceType, where attribute: String, equals value: String
  ) async throws(EndpointError) -> [Resource] {
    let path = try AttributePath(finding: attribute)
    let asked = try AttributePath(finding: Dialect11.text(of: path, of: type))
    let filter = Filter.compare(path, .equal, .string(value))
    let query = SCIM2Address.query([("filter", Filter.compare(asked, .equal, .string(value)).description)])
    do throws(EndpointError) {
      let list = try await list(type, query)
      let found = try await whole(list?.resources ?? [], of: type)
      // A server that does not know the filter may answer with everything.
      return found.filter { filter.matches($0.attributes, type: type, catalog: catalog) }
    } catch {
      // WSO2 Identity Server filters by some attributes only.
      guard [400, 404, 501].contains(error.status) else { throw error }
      return []
    }
  }

  package func resource(_ id: String, of type: ResourceType) async throws(EndpointError) -> Resource? {
    do throws(EndpointError) {
      return try await read(id, of: type)
    } catch {
      guard error.kind == .notFound else { throw error }
      return nil
    }
  }

  /// One resource.
  /// - Throws: `notFound` when there is none.
  func read(_ id: String, of type: ResourceType) async throws(EndpointError) -> Resource {
    let request = EndpointRequest(.GET, try address.resource(id, of: type))
    guard let body = try await connection.send(request).object() else {
      throw EndpointError(.malformed, "the endpoint answered without the \(type.name)")
    }
    return decoded(body, as: type)
  }

  /// A list; nil when nothing is there, which WSO2 Identity Server says with 404.
  private func list(_ type: ResourceType, _ query: String) async throws(EndpointError) -> ListResponse? {
    var request = EndpointRequest(.GET, try address.collection(type) + query)
    request.expected = [404]
    let answer = try await connection.send(request)
    guard answer.status != 404 else {
      try checkAbsence(answer, of: type)
      return nil
    }
    guard let body = try answer.object() else {
      throw EndpointError(.malformed, "the endpoint answered a listing without a body")
    }
    do {
      var list = try ListResponse(body)
      list.resources = list.resources.map { decoded($0.attributes, as: type) }
      return list
    } catch {
      throw EndpointError(.malformed, "the answer is not a list of resources: \(error.detail)")
    }
  }

  /// That nothing is there is believed only in the form of SCIM 1.1: a wrong address must not look like an endpoint that
  /// lost everybody.
  private func checkAbsence(_ answer: EndpointResponse, of type: ResourceType) throws(EndpointError) {
    if let body = try? answer.object(), Dialect11.error(body) != nil { return }
    let refusal = EndpointError(status: answer.status, headers: answer.headers, body: answer.body.readableBytesView)
    throw EndpointError(
      refusal.kind, status: refusal.status, "there are no \(type.name)s at this address: \(refusal.message)")
  }
}

extension ListResponse {
  /// The round number at which a user store stops.
  private static let storeLimit = 100

  /// Whether there may be more than the list tells: WSO2 Identity Server counts what it brings, and each of its user
  /// stores brings so many at most. A server that says what it brings (`itemsPerPage`) is believed.
  fileprivate var mayBeCut: Bool {
    guard itemsPerPage == nil, startIndex == nil, totalResults == nil || totalResults == resources.count else {
      return false
    }
    let stores = Dictionary(grouping: resources) { resource in
      let name = resource.userName ?? resource.displayName ?? ""
      return name.contains("/") ? String(name.prefix { $0 != "/" }) : UserStoreDomain.primary
    }
    return stores.values.contains { $0.count % Self.storeLimit == 0 }
  }
}
