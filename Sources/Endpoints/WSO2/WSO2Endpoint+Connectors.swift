import JSON
import NIOHTTP1

/// Connectors of identity providers. Each is written by itself: the list as a whole forgets what blocks, and is needed only
/// to take one out.
extension WSO2Endpoint {
  /// The connectors that the attributes of an identity provider describe; nil when they describe none.
  /// - Parameter current: the documents of those that are there.
  func connectors(
    for attributes: JSONObject, over current: [JSONObject]
  ) async throws(EndpointError) -> WSO2ConnectorList? {
    let elements = (attributes["provisioning"]?["connectors"]?.array ?? []).compactMap(\.object)
    guard !elements.isEmpty else { return nil }
    let byID = Dictionary(
      current.compactMap { told in told["connectorId"]?.string.map { ($0, told) } }, uniquingKeysWith: { $1 })
    var connectors: [WSO2Connector] = []
    for element in elements {
      let type = try await connectorType(element, byID)
      guard !connectors.contains(where: { $0.type.id == type.id }) else {
        throw EndpointError(.rejected, "an identity provider has one connector of type \(type.type) there, not two")
      }
      connectors.append(try WSO2Connector(element, as: type, over: byID[type.id]))
    }
    let known = Set(WSO2ConnectorType.all.map(\.id))
    let others = current.filter { !known.contains($0["connectorId"]?.string ?? "") }
    return try WSO2ConnectorList(connectors, others: others.map(Self.written), elements: elements)
  }

  private func connectorType(
    _ element: JSONObject, _ current: [String: JSONObject]
  ) async throws(EndpointError) -> WSO2ConnectorType {
    let name = element["name"]?.string ?? ""
    guard var type = WSO2ConnectorType.all.first(where: { $0.type == element["type"]?.string }) else {
      throw EndpointError(.rejected, "the connector '\(name)' has no type that the server knows")
    }
    guard name == type.name else {
      throw EndpointError(
        .rejected, "the connector of type \(type.type) is called '\(type.name)' there: name it so, not '\(name)'")
    }
    if let told = current[type.id] {
      type = WSO2ConnectorType.known(type.id, WSO2Property.values(told)) ?? type
    } else if type.type == WSO2ConnectorType.scim2.type {
      type = .scim2(describedBy: try await propertyKeys(of: type))
    }
    return type
  }

  /// The keys that the server says its plug-in has; empty when it does not say: they changed between versions.
  private func propertyKeys(of type: WSO2ConnectorType) async throws(EndpointError) -> Set<String> {
    let target = "\(WSO2Collection.identityProviders.path)/meta/outbound-provisioning-connectors/\(type.id)"
    let properties = try await document(target)?["properties"]?.array ?? []
    return Set((properties + properties.flatMap { $0["subProperties"]?.array ?? [] }).compactMap { $0["key"]?.string })
  }

  // MARK: Writing

  /// Writes what differs, the default last: where another was written, there is no default any more.
  func writeConnectors(
    _ list: WSO2ConnectorList?, of id: String, _ known: KnownIdentityProvider
  ) async throws(EndpointError) {
    let present = Set(known.connectors.compactMap { $0["connectorId"]?.string })
    let current = WSO2Connector.defaultID(known.document)
    guard present.intersection(WSO2ConnectorType.all.map(\.id)).isSubset(of: list?.ids ?? []) else {
      return try await removeConnectors(but: list, of: id, current)
    }
    guard let list else { return }
    let defaultID = list.defaultID(now: current)
    let others = list.connectors.filter { $0.isChanged && $0.type.id != defaultID }
    let ends = list.connectors.filter { connector in
      connector.type.id == defaultID
        && (connector.isChanged || !others.isEmpty || (connector.isDefault == true && defaultID != current))
    }
    for connector in others + ends {
      do throws(EndpointError) {
        try await put(connector.document, defaultID, of: id, secrets: connector.secrets)
      } catch {
        // Not every version takes a new one by itself.
        guard error.kind == .notFound, !present.contains(connector.type.id) else { throw error }
        return try await putAll(list, defaultID, of: id)
      }
    }
  }

  /// Makes those block that are to: whoever writes all of them at once is not heard on this.
  func makeBlocking(_ list: WSO2ConnectorList, _ defaultID: String, of id: String) async throws(EndpointError) {
    for document in list.documents where document["blockingEnabled"] == true || document["rulesEnabled"] == true {
      try await put(document, defaultID, of: id, secrets: list.secrets)
    }
  }

  private func removeConnectors(
    but list: WSO2ConnectorList?, of id: String, _ current: String?
  ) async throws(EndpointError) {
    guard let list else {
      throw EndpointError(
        .rejected, "the last connector of an identity provider cannot be removed there; write `enabled: false` for it")
    }
    try await putAll(list, list.defaultID(now: current), of: id)
  }

  private func put(
    _ connector: JSONObject, _ defaultID: String, of id: String, secrets: [String]
  ) async throws(EndpointError) {
    let own = connector["connectorId"]?.string ?? ""
    var document = connector
    document["isDefault"] = .bool(own == defaultID)
    try await put(
      WSO2Collection.identityProviders.target(id) + WSO2Connector.path(own), document, secrets: secrets)
  }

  private func putAll(_ list: WSO2ConnectorList, _ defaultID: String, of id: String) async throws(EndpointError) {
    try await put(
      WSO2Collection.identityProviders.target(id) + WSO2Connector.listPath, list.document(defaultID: defaultID),
      secrets: list.secrets)
    try await makeBlocking(list, defaultID, of: id)
  }

  /// A connector as it was told, as it is written.
  private static func written(_ told: JSONObject) -> JSONObject {
    let fields: Set = ["connectorId", "isEnabled", "blockingEnabled", "rulesEnabled", "properties"]
    return JSONObject(uniqueMembers: told.members.filter { fields.contains($0.key) })
  }
}
