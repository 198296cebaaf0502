import JSON

/// A way to authenticate, as `/ServiceProviderConfig` tells it (RFC 7643 section 5).
package struct AuthenticationScheme: Hashable, Sendable {
  /// `httpbasic`, `oauthbearertoken`, …
  package var type: String
  package var name: String
  package var description: String
  /// The specification's address.
  package var specification: String

  package init(type: String, name: String, description: String, specification: String) {
    self.type = type
    self.name = name
    self.description = description
    self.specification = specification
  }

  package static let basic = AuthenticationScheme(
    type: "httpbasic", name: "HTTP Basic", description: "Authentication with a user name and a password.",
    specification: "https://www.rfc-editor.org/rfc/rfc7617")
  package static let bearer = AuthenticationScheme(
    type: "oauthbearertoken", name: "OAuth Bearer Token", description: "Authentication with a bearer token.",
    specification: "https://www.rfc-editor.org/rfc/rfc6750")

  fileprivate var json: JSONObject {
    [
      "type": .string(type), "name": .string(name), "description": .string(description),
      "specUri": .string(specification),
    ]
  }
}

extension Capabilities {
  /// Reads `/ServiceProviderConfig`. What is not said is not supported, but for PATCH, which nearly every endpoint has
  /// and some do not mention; booleans may be strings.
  package init(serviceProviderConfig: JSONObject, catalog: SchemaCatalog) {
    func feature(_ name: String) -> JSONObject? { serviceProviderConfig.value(ignoringCase: name)?.object }
    func supports(_ name: String, unsaid: Bool = false) -> Bool {
      let flag = feature(name)?.value(ignoringCase: "supported")
      return flag?.bool ?? flag?.string.flatMap { Bool($0.lowercased()) } ?? unsaid
    }
    func limit(_ feature: JSONObject?, _ name: String) -> Int? {
      feature?.value(ignoringCase: name)?.int.flatMap { $0 > 0 ? $0 : nil }
    }
    self.init(
      supportsPatch: supports("patch", unsaid: true), supportsBulk: supports("bulk"),
      supportsFilter: supports("filter"), supportsSort: supports("sort"), supportsEntityTags: supports("etag"),
      supportsChangePassword: supports("changePassword"), maxResults: limit(feature("filter"), "maxResults"),
      maxBulkOperations: limit(feature("bulk"), "maxOperations"),
      maxBulkPayload: limit(feature("bulk"), "maxPayloadSize"),
      pagination: feature("pagination").flatMap { Pagination($0) }, catalog: catalog)
  }

  /// The resource at `/ServiceProviderConfig`, with a relative location. A limit that is not set is told as 0, since
  /// the schema requires one.
  package func serviceProviderConfig(authenticationSchemes: [AuthenticationScheme]) -> JSONObject {
    func supported(_ flag: Bool) -> JSONValue { ["supported": .bool(flag)] }
    func number(_ value: Int?) -> JSONValue { .number(JSONNumber(value ?? 0)) }
    var config: JSONObject = [
      "schemas": [.string(SchemaURN.serviceProviderConfig)],
      "patch": supported(supportsPatch),
      "bulk": [
        "supported": .bool(supportsBulk), "maxOperations": number(maxBulkOperations),
        "maxPayloadSize": number(maxBulkPayload),
      ],
      "filter": ["supported": .bool(supportsFilter), "maxResults": number(maxResults)],
      "changePassword": supported(supportsChangePassword),
      "sort": supported(supportsSort),
      "etag": supported(supportsEntityTags),
    ]
    config["pagination"] = pagination?.json
    config["authenticationSchemes"] = .array(authenticationSchemes.map { .object($0.json) })
    config["meta"] = ["resourceType": "ServiceProviderConfig", "location": "/ServiceProviderConfig"]
    return config
  }
}
