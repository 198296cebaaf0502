import JSON
import JWTKit

/// The claims of a JSON Web Token (RFC 7519 section 4), whatever they are. What they mean, whoever reads them checks.
struct ClaimSet: JWTPayload {
  var claims: JSONObject

  init(_ claims: JSONObject) { self.claims = claims }

  func verify(using algorithm: some JWTAlgorithm) async throws {}

  init(from decoder: any Decoder) throws {
    guard case .object(let claims) = try JSONValue(decodedBy: decoder) else {
      throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "claims must be an object"))
    }
    self.claims = claims
  }

  func encode(to encoder: any Encoder) throws { try JSONValue.object(claims).encode(by: encoder) }
}

private struct ClaimKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ text: String) { stringValue = text }
  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}

extension JSONValue {
  fileprivate init(decodedBy decoder: any Decoder) throws {
    if let object = try? decoder.container(keyedBy: ClaimKey.self) {
      self = .object(
        JSONObject(
          try object.allKeys.map { ($0.stringValue, try JSONValue(decodedBy: object.superDecoder(forKey: $0))) }))
    } else if var array = try? decoder.unkeyedContainer() {
      var elements: [JSONValue] = []
      while !array.isAtEnd { elements.append(try JSONValue(decodedBy: array.superDecoder())) }
      self = .array(elements)
    } else {
      self = try Self.scalar(decoder.singleValueContainer())
    }
  }

  private static func scalar(_ container: any SingleValueDecodingContainer) throws -> JSONValue {
    if container.decodeNil() { return .null }
    if let flag = try? container.decode(Bool.self) { return .bool(flag) }
    if let number = try? container.decode(Int.self) { return .number(JSONNumber(number)) }
    if let number = try? container.decode(Double.self) { return .number(JSONNumber(validLiteral: "\(number)")) }
    return .string(try container.decode(String.self))
  }

  fileprivate func encode(by encoder: any Encoder) throws {
    switch self {
    case .object(let object):
      var container = encoder.container(keyedBy: ClaimKey.self)
      for member in object { try member.value.encode(by: container.superEncoder(forKey: ClaimKey(member.key))) }
    case .array(let elements):
      var container = encoder.unkeyedContainer()
      for element in elements { try element.encode(by: container.superEncoder()) }
    case .null:
      var container = encoder.singleValueContainer()
      try container.encodeNil()
    case .bool(let flag): try flag.encode(to: encoder)
    case .string(let text): try text.encode(to: encoder)
    case .number(let number):
      if let whole = number.int { try whole.encode(to: encoder) } else { try number.double.encode(to: encoder) }
    }
  }
}
