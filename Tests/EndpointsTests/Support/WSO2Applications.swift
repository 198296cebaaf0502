import HTTPTypes
import JSON
import Synchronization

/// The applications of the management API of WSO2 Identity Server, strictly as its version 5.11 takes them.
final class WSO2Applications: Sendable {
  private static let parts: Set = [
    "description", "authenticationSequence", "advancedConfigurations", "provisioningConfigurations",
  ]
  private static let clientFields: Set = [
    "clientId", "clientSecret", "grantTypes", "callbackURLs", "publicClient", "pkce", "accessToken", "refreshToken",
    "idToken",
  ]
  private static let standard: JSONObject = [
    "authenticationSequence": [
      "type": "DEFAULT", "subjectStepId": 1, "attributeStepId": 1, "requestPathAuthenticators": [],
      "steps": [["id": 1, "options": [["idp": "LOCAL", "authenticator": "BasicAuthenticator"]]]],
    ],
    "advancedConfigurations": ["saas": false, "skipLoginConsent": false, "enableAuthorization": true],
    "provisioningConfigurations": ["inboundProvisioning": ["proxyMode": false], "outboundProvisioningIdps": []],
  ]
  private static let standardClient: JSONObject = [
    "state": "ACTIVE", "pkce": ["mandatory": false, "supportPlainTransformAlgorithm": false],
    "accessToken": [
      "type": "Default", "userAccessTokenExpiryInSeconds": 3600, "applicationAccessTokenExpiryInSeconds": 3600,
      "bindingType": "None",
    ],
    "refreshToken": ["expiryInSeconds": 86_400, "renewRefreshToken": true],
    "idToken": ["expiryInSeconds": 3600, "audience": []],
  ]

  private struct State {
    var documents: [String: JSONObject] = [
      "0": ["id": "0", "name": "Console"], "1": ["id": "1", "name": "My Account"],
    ]
    var clients: [String: JSONObject] = [:]
    var resident: JSONObject = [
      "inboundProvisioning": ["provisioningUserstoreDomain": "PRIMARY"], "outboundProvisioningIdps": [],
    ]
    var made = 0
  }

  private let state = Mutex(State())
  private let masks = Mutex(false)

  /// Newer versions tell a mask in the place of secrets.
  func maskSecrets() { masks.withLock { $0 = true } }

  func document(named name: String) -> JSONObject? {
    state.withLock { $0.documents.values.first { $0["name"]?.string == name } }
  }

  func client(of name: String) -> JSONObject? {
    state.withLock { state in
      state.documents.values.first { $0["name"]?.string == name }?["id"]?.string.flatMap { state.clients[$0] }
    }
  }

  var resident: JSONObject { state.withLock { $0.resident } }

  /// What somebody else did to an application.
  func change(_ name: String, _ change: (inout JSONObject) -> Void) {
    state.withLock { state in
      for (id, document) in state.documents where document["name"]?.string == name {
        change(&state.documents[id, default: [:]])
      }
    }
  }

  /// Whether an application uses an identity provider, or one connector of it.
  func isUsed(_ provider: String, _ connector: String?) -> Bool {
    state.withLock { state in
      let configurations =
        state.documents.values.compactMap { $0["provisioningConfigurations"]?.object } + [state.resident]
      let entries = configurations.flatMap { $0["outboundProvisioningIdps"]?.array ?? [] }
      let isProvisionedTo = entries.contains {
        $0["idp"]?.string == provider && (connector == nil || $0["connector"]?.string == connector)
      }
      let steps = state.documents.values.flatMap { $0["authenticationSequence"]?["steps"]?.array ?? [] }
      let options = steps.flatMap { $0["options"]?.array ?? [] }
      return isProvisionedTo || (connector == nil && options.contains { $0["idp"]?.string == provider })
    }
  }

  // MARK: Requests

  /// - Parameter providers: what there is to name.
  func answer(
    _ method: HTTPRequest.Method, _ path: [String], _ body: JSONValue?, limit: Int, offset: Int,
    _ providers: WSO2Providers
  ) -> WSO2Answer {
    state.withLock { state in
      if path.isEmpty, method == .get { return .list(state.documents, as: "applications", limit, offset) }
      if path.isEmpty, method == .post { return Self.create(&state, body?.object, providers) }
      if path == ["resident"] { return Self.resident(method, &state, body?.object, providers) }
      guard let id = path.first, let document = state.documents[id] else { return .refusal(404, "APP-60006") }
      switch (method, Array(path.dropFirst())) {
      case (.get, []): return WSO2Answer(200, .object(Self.told(document, isClient: state.clients[id] != nil)))
      case (.patch, []): return Self.patch(&state, id, body?.object, providers)
      case (.delete, []):
        state.documents[id] = nil
        state.clients[id] = nil
        return WSO2Answer(204)
      case (.get, ["inbound-protocols", "oidc"]):
        guard var client = state.clients[id] else { return .refusal(404, "no OIDC") }
        if masks.withLock({ $0 }) { client["clientSecret"] = WSO2Providers.mask }
        return WSO2Answer(200, .object(client))
      case (.put, ["inbound-protocols", "oidc"]): return Self.putClient(&state, id, body?.object)
      case (.delete, ["inbound-protocols", "oidc"]):
        state.clients[id] = nil
        return WSO2Answer(204)
      default: return .refusal(405, "\(method) \(path)")
      }
    }
  }

  private static func told(_ document: JSONObject, isClient: Bool) -> JSONObject {
    var told = document
    told["inboundProtocols"] =
      isClient ? [["type": "oauth2", "self": .string("/applications/x/inbound-protocols/oidc")]] : []
    return told
  }

  private static func create(_ state: inout State, _ body: JSONObject?, _ providers: WSO2Providers) -> WSO2Answer {
    guard var body, let name = body["name"]?.string else { return .refusal(400, "a name") }
    guard !state.documents.values.contains(where: { $0["name"]?.string == name }) else {
      return .refusal(409, "exists")
    }
    let inbound = body["inboundProtocolConfiguration"]?.object
    body["inboundProtocolConfiguration"] = nil
    body["name"] = nil
    if let objection = objection(body, providers) { return .refusal(400, objection) }
    let id = "app-\(state.made)"
    if let inbound {
      guard inbound.count == 1, let client = inbound["oidc"]?.object else { return .refusal(400, "inbound protocols") }
      if let objection = objection(client) { return objection }
      state.clients[id] = completed(client, id)
    }
    state.made += 1
    var document = standard
    for member in body.members { document[member.key] = member.value }
    document["name"] = .string(name)
    document["id"] = .string(id)
    state.documents[id] = document
    return WSO2Answer(201, location: id)
  }

  private static func completed(_ client: JSONObject, _ id: String) -> JSONObject {
    var complete = standardClient
    for member in client.members { complete[member.key] = member.value }
    if complete["clientId"] == nil { complete["clientId"] = .string("client-of-\(id)") }
    if complete["clientSecret"] == nil { complete["clientSecret"] = "made-up-by-the-server" }
    return complete
  }

  /// What is present takes the place of what was there.
  private static func patch(
    _ state: inout State, _ id: String, _ body: JSONObject?, _ providers: WSO2Providers
  ) -> WSO2Answer {
    guard let body, !body.isEmpty else { return .refusal(400, "nothing") }
    if let objection = objection(body, providers) { return .refusal(400, objection) }
    for member in body.members { state.documents[id]?[member.key] = member.value }
    return WSO2Answer(200)
  }

  /// Neither identifier nor secret change.
  private static func putClient(_ state: inout State, _ id: String, _ body: JSONObject?) -> WSO2Answer {
    guard var body else { return .refusal(400, "a body") }
    if let objection = objection(body) { return objection }
    if let old = state.clients[id] {
      if body["clientSecret"] == WSO2Providers.mask { body["clientSecret"] = old["clientSecret"] }
      for name in ["clientId", "clientSecret"] where body[name] != old[name] {
        return .refusal(400, "Invalid \(name == "clientId" ? "ClientID" : "ClientSecret") provided for update.")
      }
    }
    state.clients[id] = completed(body, id)
    return WSO2Answer(200)
  }

  private static func resident(
    _ method: HTTPRequest.Method, _ state: inout State, _ body: JSONObject?, _ providers: WSO2Providers
  ) -> WSO2Answer {
    if method == .get { return WSO2Answer(200, ["provisioningConfigurations": .object(state.resident)]) }
    guard method == .put, let body, body.keys.allSatisfy(["inboundProvisioning", "outboundProvisioningIdps"].contains)
    else { return .refusal(400, "the unwrapped configuration") }
    if let objection = objection(["provisioningConfigurations": .object(body)], providers) {
      return .refusal(400, objection)
    }
    for member in body.members { state.resident[member.key] = member.value }
    return WSO2Answer(200)
  }

  // MARK: What is refused

  private static func objection(_ body: JSONObject, _ providers: WSO2Providers) -> String? {
    guard body.keys.allSatisfy(parts.contains) else { return "unknown fields in \(body.keys)" }
    for entry in body["provisioningConfigurations"]?["outboundProvisioningIdps"]?.array ?? [] {
      guard let provider = entry["idp"]?.string, let connector = entry["connector"]?.string,
        entry.object?.count == 5, ["blocking", "rules", "jit"].allSatisfy({ entry[$0]?.bool != nil }),
        providers.hasConnector(connector, of: provider)
      else { return "an entry of outboundProvisioningIdps" }
    }
    guard let sequence = body["authenticationSequence"], sequence["type"] != "DEFAULT" else { return nil }
    let steps = sequence["steps"]?.array ?? []
    guard sequence["type"] == "USER_DEFINED", !steps.isEmpty,
      steps.compactMap({ $0["id"]?.int }) == Array(1...steps.count)
    else { return "steps" }
    for option in steps.flatMap({ $0["options"]?.array ?? [] }) {
      guard let provider = option["idp"]?.string, option["authenticator"]?.string != nil,
        provider == "LOCAL" || providers.document(named: provider) != nil
      else { return "an option of a step" }
    }
    return nil
  }

  private static func objection(_ client: JSONObject) -> WSO2Answer? {
    guard client.keys.allSatisfy(clientFields.contains), client["grantTypes"]?.array?.isEmpty == false,
      client["publicClient"]?.bool != nil
    else { return .refusal(400, "a client with \(client.keys)") }
    guard (client["callbackURLs"]?.array ?? []).count < 2 else {
      return .refusal(501, "Multiple callbacks for OAuth2 are not supported yet.")
    }
    return nil
  }
}

extension WSO2Providers {
  /// Whether an identity provider has a connector of this name.
  fileprivate func hasConnector(_ name: String, of provider: String) -> Bool {
    let list = document(named: provider)?["provisioning"]?["outboundConnectors"]?["connectors"]?.array ?? []
    return list.contains { Self.name($0["connectorId"]?.string ?? "") == name }
  }
}
