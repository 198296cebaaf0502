import JSON

/// The connectors of an identity provider as they are to be.
struct WSO2ConnectorList: Sendable {
  let connectors: [WSO2Connector]
  /// What is there of other plug-ins, which stays.
  let others: [JSONObject]
  /// The local roles whose users are provisioned; none is all.
  let roles: [String]

  /// - Throws: `rejected` when the connectors do not agree on whose users they provision: that is one list there.
  init(_ connectors: [WSO2Connector], others: [JSONObject], elements: [JSONObject]) throws(EndpointError) {
    self.connectors = connectors
    self.others = others
    let lists = Set(elements.compactMap { $0["roles"]?.array }.map { Set($0.compactMap(\.string)) })
    guard lists.count < 2 else {
      throw EndpointError(
        .rejected, "`roles` of the connectors must be the same: an identity provider has one such list there")
    }
    roles = lists.first.map { $0.sorted() } ?? []
  }

  var secrets: [String] { connectors.flatMap(\.secrets) }

  /// The one that is the default: the one that is said to be, else the one that is, else the first.
  func defaultID(now current: String? = nil) -> String {
    if let chosen = connectors.first(where: { $0.isDefault == true }) { return chosen.type.id }
    let ids = documents.compactMap { $0["connectorId"]?.string }
    return ids.first { $0 == current } ?? ids.first ?? ""
  }

  var ids: Set<String> { Set(connectors.map(\.type.id)) }

  var documents: [JSONObject] { connectors.map(\.document) + others }

  /// The list as it is written as a whole.
  func document(defaultID: String) -> JSONObject {
    ["defaultConnectorId": .string(defaultID), "connectors": .array(documents.map(JSONValue.object))]
  }
}
