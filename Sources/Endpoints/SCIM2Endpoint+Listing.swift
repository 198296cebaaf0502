import JSON
import NIOHTTP1
import SCIM

extension SCIM2Endpoint {
  package func page(
    of type: ResourceType, at position: PagePosition?
  ) async throws(EndpointError) -> ResourcePage {
    let profile = try await serviceProfile()
    let start = position ?? (profile.requiresCursors ? .cursor("") : .index(1))
    let size = pageSizes.size(for: type.name, most: profile.maxPageSize)
    do throws(EndpointError) {
      return try await page(of: type, at: start, count: size)
    } catch {
      guard let page = try await smallerPage(of: type, at: start, than: size, refusedBy: error) else { throw error }
      return page
    }
  }

  package func resource(_ id: String, of type: ResourceType) async throws(EndpointError) -> Resource? {
    do throws(EndpointError) {
      let request = EndpointRequest(.GET, try address.resource(id, of: type))
      guard let body = try await connection.send(request).object() else {
        throw EndpointError(.malformed, "the endpoint answered without the \(type.name)")
      }
      return Resource(body)
    } catch {
      guard error.kind == .notFound else { throw error }
      return nil
    }
  }

  package func find(
    _ type: ResourceType, where attribute: String, equals value: String
  ) async throws(EndpointError) -> [Resource] {
    let path = try AttributePath(finding: attribute)
    let filter = Filter.compare(path, .equal, .string(value))
    let query = SCIM2Address.query([("filter", filter.description)])
    do throws(EndpointError) {
      let list = try await list(EndpointRequest(.GET, try address.collection(type) + query))
      // A server that does not know the filter may answer with everything.
      let catalog = try await serviceProfile().capabilities.catalog
      return list.resources.filter { filter.matches($0.attributes, type: type, catalog: catalog) }
    } catch {
      // Some servers say "not found" where RFC 7644 section 3.4.2 asks for an empty list.
      guard error.kind == .notFound else { throw error }
      return []
    }
  }

  /// Halves the count until the endpoint accepts it, and keeps to that. A walk by cursors cannot change its count.
  private func smallerPage(
    of type: ResourceType, at start: PagePosition, than size: Int, refusedBy error: EndpointError
  ) async throws(EndpointError) -> ResourcePage? {
    guard [400, 413].contains(error.status), start.allowsOtherCount else { return nil }
    var size = size
    while let smaller = PageSizes.smaller(than: size) {
      size = smaller
      do throws(EndpointError) {
        let page = try await page(of: type, at: start, count: size)
        pageSizes.remember(size, for: type.name)
        return page
      } catch {
        guard [400, 413].contains(error.status) else { throw error }
      }
    }
    return nil
  }

  private func page(
    of type: ResourceType, at start: PagePosition, count: Int
  ) async throws(EndpointError) -> ResourcePage {
    var parameters = [start.parameter, (name: "count", value: String(count))]
    if !excludedAttributes.isEmpty {
      parameters.append((name: "excludedAttributes", value: excludedAttributes.joined(separator: ",")))
    }
    let list = try await list(
      EndpointRequest(.GET, try address.collection(type) + SCIM2Address.query(parameters)))
    return ResourcePage(
      resources: list.resources, totalResults: list.totalResults, next: start.following(list))
  }

  /// What a listing answers.
  func list(_ request: EndpointRequest) async throws(EndpointError) -> ListResponse {
    guard let body = try await connection.send(request).object() else {
      throw EndpointError(.malformed, "the endpoint answered a listing without a body")
    }
    do {
      return try ListResponse(body)
    } catch {
      throw EndpointError(.malformed, "the answer is not a list of resources: \(error.detail)")
    }
  }
}

extension PagePosition {
  fileprivate var parameter: (name: String, value: String) {
    switch self {
    case .index(let index): (name: "startIndex", value: String(index))
    case .cursor(let cursor): (name: "cursor", value: cursor)
    }
  }

  fileprivate var allowsOtherCount: Bool {
    switch self {
    case .index, .cursor(""): true
    case .cursor: false
    }
  }

  /// Where the page after this one begins; nil when this is the last.
  ///
  /// An index moves on by what came, not by what was asked for, since a server may bring fewer than that; an empty page
  /// ends the walk.
  fileprivate func following(_ list: ListResponse) -> PagePosition? {
    let cursor = list.nextCursor.flatMap { $0.isEmpty ? nil : PagePosition.cursor($0) }
    guard case .index(let start) = self, !list.resources.isEmpty else { return cursor }
    let next = start + list.resources.count
    if let total = list.totalResults, next > total { return nil }
    // A server that offers nothing else continues a walk that began without one by a cursor (RFC 9865 section 2.3).
    return cursor ?? .index(next)
  }
}
