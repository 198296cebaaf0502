import JSON

extension SCIMError {
  /// The body of an error response (RFC 7644 section 3.12); the status is a string there.
  package var json: JSONValue {
    var body: JSONObject = ["schemas": [.string(SchemaURN.error)], "status": .string(String(status))]
    if let kind { body["scimType"] = .string(kind.rawValue) }
    body["detail"] = .string(detail)
    return .object(body)
  }

  /// Reads the body of an error response; nil when it is none. A status that is a number, a kind in another case
  /// (`InvalidFilter`) and a missing detail are let pass; an unknown kind is left out.
  package init?(_ body: JSONObject) {
    let status = body.value(ignoringCase: "status")
    guard let code = status?.int ?? status?.string.flatMap({ Int($0) }) else { return nil }
    let kind = body.value(ignoringCase: "scimType")?.string.flatMap(Kind.init(ignoringCase:))
    self.init(status: code, kind, body.value(ignoringCase: "detail")?.string ?? "")
  }
}

extension SCIMError.Kind {
  package init?(ignoringCase name: String) {
    let folded = name.lowercased()
    guard let kind = Self.allCases.first(where: { $0.rawValue.lowercased() == folded }) else { return nil }
    self = kind
  }
}
