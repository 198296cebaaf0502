import JSON
import NIOHTTP1
import SCIM

/// What identity providers and applications have in common in the management API.
extension WSO2Endpoint {
  private static let pageSize = 30

  // MARK: Reading

  /// What is in a collection, but for what the server has of its own.
  func names(in collection: WSO2Collection) async throws(EndpointError) -> [(id: String, name: String)] {
    var names: [(id: String, name: String)] = []
    while true {
      let query = SCIM2Address.query([("limit", String(Self.pageSize)), ("offset", String(names.count))])
      guard let list = try await management.send(EndpointRequest(.GET, collection.path + query)).object(),
        let total = list["totalResults"]?.int
      else { throw EndpointError(.malformed, "the answer is not a list of \(collection.entries)") }
      let found = (list[collection.entries]?.array ?? []).compactMap { entry in
        entry["id"]?.string.map { (id: $0, name: entry["name"]?.string ?? "") }
      }
      names += found
      if found.isEmpty || names.count >= total { break }
    }
    return names.filter { !collection.ownNames.contains($0.name) }
  }

  /// nil when there is none.
  func document(_ target: String) async throws(EndpointError) -> JSONObject? {
    do throws(EndpointError) {
      return try await management.send(EndpointRequest(.GET, target)).object()
    } catch {
      guard error.kind == .notFound else { throw error }
      return nil
    }
  }

  // MARK: Writing

  /// - Returns: the id of what was made, which the answer tells by its address.
  func make(
    _ document: JSONObject, named name: String, in collection: WSO2Collection, secrets: [String]
  ) async throws(EndpointError) -> String {
    let id = try await management.creating(
      EndpointRequest(.POST, collection.path, body: document, secrets: secrets),
      reading: { answer throws(EndpointError) in
        if let location = answer.headers.first(name: "Location") {
          return location.split(separator: "/").last.map(String.init) ?? ""
        }
        return try answer.object()?["id"]?.string ?? ""
      },
      look: { () throws(EndpointError) -> String? in
        try await names(in: collection).first { $0.name == name }?.id
      })
    guard !id.isEmpty else {
      throw EndpointError(.malformed, "the endpoint does not say which of the \(collection.entries) it created")
    }
    return id
  }

  func put(_ target: String, _ body: JSONObject, secrets: [String] = []) async throws(EndpointError) {
    _ = try await management.send(EndpointRequest(.PUT, target, body: body, secrets: secrets))
  }

  /// What is gone already is no error.
  func remove(_ target: String) async throws(EndpointError) {
    do throws(EndpointError) {
      _ = try await management.send(EndpointRequest(.DELETE, target))
    } catch {
      guard error.kind == .notFound else { throw error }
    }
  }

  /// The attributes as they are to be after an update.
  func applied(
    _ update: ResourceUpdate, to before: JSONObject, of type: ResourceType
  ) async throws(EndpointError) -> JSONObject {
    switch update {
    case .replace(let attributes): return attributes
    case .patch(let operations):
      let patcher = ResourcePatcher(type: type, catalog: try await capabilities().catalog)
      do {
        return try patcher.applying(operations, to: before)
      } catch {
        throw EndpointError(.rejected, "the \(type.name) cannot be changed so: \(error.detail)")
      }
    }
  }

  /// The name that its manifest gives a resource.
  static func name(_ attributes: JSONObject) throws(EndpointError) -> String {
    guard let name = attributes["name"]?.string else { throw EndpointError(.rejected, "it needs a name") }
    return name
  }
}
