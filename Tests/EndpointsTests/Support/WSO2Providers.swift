import HTTPTypes
import JSON
import Synchronization

/// What the management API answers.
struct WSO2Answer {
  var status: Int
  var body: JSONValue?
  var location: String?

  init(_ status: Int, _ body: JSONValue? = nil, location: String? = nil) {
    self.status = status
    self.body = body
    self.location = location
  }

  static func refusal(_ status: Int, _ description: String) -> WSO2Answer {
    WSO2Answer(status, ["code": "IDP-60025", "message": "refused", "description": .string(description)])
  }

  /// One page of a collection, with the id and the name of each.
  static func list(_ documents: [String: JSONObject], as name: String, _ limit: Int, _ offset: Int) -> WSO2Answer {
    let all = documents.values.sorted { ($0["id"]?.string ?? "") < ($1["id"]?.string ?? "") }
    let page = all.dropFirst(offset).prefix(limit).map { document -> JSONValue in
      ["id": document["id"] ?? .null, "name": document["name"] ?? .null]
    }
    var list: JSONObject = ["totalResults": .number(JSONNumber(all.count))]
    list[name] = .array(page)
    return WSO2Answer(200, .object(list))
  }
}

/// The identity providers of the management API of WSO2 Identity Server, strictly as its version 5.11 takes them.
final class WSO2Providers: Sendable {
  typealias Answer = WSO2Answer

  static let openIDConnect = "T3BlbklEQ29ubmVjdEF1dGhlbnRpY2F0b3I"
  private static let keys: Set<String> = [
    "ClientId", "ClientSecret", "OAuth2AuthzEPUrl", "OAuth2TokenEPUrl", "callbackUrl", "UserInfoUrl", "OIDCLogoutEPUrl",
    "commonAuthQueryParams",
  ]
  private static let patchable: Set<String> = ["/description", "/isEnabled", "/certificate/jwksUri"]

  private let documents = Mutex<[String: JSONObject]>(["0": ["id": "0", "name": "LOCAL", "isEnabled": true]])
  private let masks = Mutex(false)
  /// Whether a connector that is new is taken by itself, as newer versions do.
  let takesNewConnectors = Mutex(true)
  /// The keys of the connector for SCIM 2.0 begin with this; it had those of SCIM 1.1 once.
  let scim2Prefix = Mutex("scim2-")
  /// Whether an application uses an identity provider, or one connector of it.
  let isUsed: @Sendable (_ provider: String, _ connector: String?) -> Bool

  init(isUsed: @escaping @Sendable (String, String?) -> Bool) { self.isUsed = isUsed }

  /// Newer versions tell a mask in the place of secrets.
  func maskSecrets() { masks.withLock { $0 = true } }

  var areSecretsMasked: Bool { masks.withLock { $0 } }

  func document(named name: String) -> JSONObject? {
    documents.withLock { $0.values.first { $0["name"]?.string == name } }
  }

  func answer(
    _ method: HTTPRequest.Method, _ path: [String], _ body: JSONValue?, limit: Int, offset: Int
  ) -> Answer {
    documents.withLock { documents in
      if path.isEmpty, method == .get { return .list(documents, as: "identityProviders", limit, offset) }
      if path.isEmpty, method == .post { return create(&documents, body) }
      if method == .get, path.dropLast() == ["meta", "outbound-provisioning-connectors"] {
        return described(path[path.count - 1])
      }
      guard let id = path.first, var document = documents[id] else { return .refusal(404, "not found") }
      if method == .delete, isUsed(document["name"]?.string ?? "", nil) {
        return .refusal(409, "an application uses it")
      }
      let answer = answer(method, Array(path.dropFirst()), body, &document)
      documents[id] = method == .delete ? nil : document
      return answer
    }
  }

  private func create(_ documents: inout [String: JSONObject], _ body: JSONValue?) -> Answer {
    guard var document = body?.object, let name = document["name"]?.string else { return .refusal(400, "name") }
    if documents.values.contains(where: { $0["name"]?.string == name }) { return .refusal(409, "\(name) exists") }
    guard document["isEnabled"] == nil, document["enabled"] == nil else { return .refusal(400, "unknown field") }
    if let list = document["federatedAuthenticators"] {
      guard list["defaultAuthenticatorId"]?.string == Self.openIDConnect,
        let one = list["authenticators"]?.array?.first?.object, Self.isComplete(one)
      else { return .refusal(400, "authenticators") }
    }
    if var provisioning = document["provisioning"]?.object, let list = provisioning["outboundConnectors"]?.object {
      guard let taken = taken(list) else { return .refusal(400, "connectors") }
      provisioning["outboundConnectors"] = .object(taken)
      document["provisioning"] = .object(provisioning)
    }
    document["id"] = .string("idp-\(documents.count)")
    document["isEnabled"] = true
    documents["idp-\(documents.count)"] = document
    return Answer(201, location: document["id"]?.string)
  }

  private static func isComplete(_ authenticator: JSONObject) -> Bool {
    let properties = authenticator["properties"]?.array ?? []
    let found = Set(properties.compactMap { $0["value"]?.string == nil ? nil : $0["key"]?.string })
    let required: Set = ["ClientId", "ClientSecret", "OAuth2AuthzEPUrl", "OAuth2TokenEPUrl", "callbackUrl"]
    return authenticator["authenticatorId"]?.string == openIDConnect && found.count == properties.count
      && found.isSubset(of: keys) && required.isSubset(of: found)
  }

  private func answer(
    _ method: HTTPRequest.Method, _ path: [String], _ body: JSONValue?, _ document: inout JSONObject
  ) -> Answer {
    switch (method, path) {
    case (.get, []): return Answer(200, .object(Self.brief(document)))
    case (.delete, []): return Answer(204)
    case (.patch, []): return Self.patch(&document, body?.array)
    case (.get, ["federated-authenticators", Self.openIDConnect]): return authenticator(document)
    case (.put, ["federated-authenticators", Self.openIDConnect]): return putAuthenticator(&document, body?.object)
    case (.put, ["claims"]) where body?["mappings"] != nil && body?["provisioningClaims"] != nil:
      document["claims"] = body
    case (.put, ["roles"]) where body?["mappings"] != nil && body?["outboundProvisioningRoles"] != nil:
      document["roles"] = body
    case (.put, ["provisioning", "jit"]) where body?["isEnabled"]?.bool != nil:
      var provisioning = document["provisioning"]?.object ?? [:]
      provisioning["jit"] = body
      document["provisioning"] = .object(provisioning)
    case (_, let path) where path.prefix(2) == ["provisioning", "outbound-connectors"]:
      return connectors(method, Array(path.dropFirst(2)), body?.object, &document)
    default: return .refusal(400, "\(method) \(path)")
    }
    return Answer(200, body)
  }

  /// The whole tells its authenticators without their properties.
  private static func brief(_ document: JSONObject) -> JSONObject {
    var brief = withBriefConnectors(document)
    guard var list = document["federatedAuthenticators"]?.object else { return brief }
    list["authenticators"] = [["authenticatorId": .string(openIDConnect), "isEnabled": true]]
    brief["federatedAuthenticators"] = .object(list)
    return brief
  }

  private static func patch(_ document: inout JSONObject, _ operations: [JSONValue]?) -> Answer {
    guard let operations, !operations.isEmpty else { return .refusal(400, "a list of operations") }
    for operation in operations {
      guard let path = operation["path"]?.string, patchable.contains(path), let verb = operation["operation"]?.string,
        verb == "REMOVE" || operation["value"]?.string != nil
      else { return .refusal(400, "an operation") }
      let value = verb == "REMOVE" ? nil : operation["value"]
      switch path {
      case "/isEnabled": document["isEnabled"] = .bool(value == "true")
      case "/description": document["description"] = value
      default: document["certificate"] = value.map { ["jwksUri": $0] }
      }
    }
    return Answer(200, .object(brief(document)))
  }

  private func authenticator(_ document: JSONObject) -> Answer {
    guard var one = document["federatedAuthenticators"]?["authenticators"]?.array?.first?.object else {
      return .refusal(404, "IDP-60022")
    }
    if areSecretsMasked {
      one["properties"] = (one["properties"]?.array).map { properties in
        .array(properties.map { $0["key"] == "ClientSecret" ? ["key": "ClientSecret", "value": "********"] : $0 })
      }
    }
    return Answer(200, .object(one))
  }

  /// Without `isDefault` there is no default any more; the mask stands for the secret that is there.
  private func putAuthenticator(_ document: inout JSONObject, _ body: JSONObject?) -> Answer {
    guard var body, Self.isComplete(body) else { return .refusal(400, "properties") }
    let old = document["federatedAuthenticators"]?["authenticators"]?.array?.first?["properties"]?.array ?? []
    body["properties"] = (body["properties"]?.array).map { properties in
      .array(properties.map { $0["value"] == "********" ? old.first { $0["key"] == "ClientSecret" } ?? $0 : $0 })
    }
    let chosen = body["isDefault"] == true
    body["isDefault"] = nil
    document["federatedAuthenticators"] = [
      "defaultAuthenticatorId": chosen ? .string(Self.openIDConnect) : "", "authenticators": [.object(body)],
    ]
    return Answer(200, .object(body))
  }
}
