import Foundation
import SCIM

/// The base address of a SCIM service and what is found below it.
struct SCIM2Address: Hashable, Sendable {
  /// Without a slash at its end.
  let base: String

  /// - Parameter field: the name of the address in the manifests.
  /// - Throws: `misconfigured` for what is no plain http(s) address, and for plain HTTP where it is not allowed.
  init(_ url: String, allowsPlaintext: Bool, field: String = "url") throws(EndpointError) {
    guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
      ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty
    else { throw EndpointError(.misconfigured, "`\(field)` is not an http or https address") }
    guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil else {
      throw EndpointError(.misconfigured, "`\(field)` may not hold a credential, a query or a fragment")
    }
    guard scheme == "https" || allowsPlaintext || Self.isLoopback(host) else {
      throw EndpointError(
        .misconfigured, "plain http to \(host) shows the credential to all; use https or `allowPlaintext`")
    }
    base = String(url.reversed().drop { $0 == "/" }.reversed())
  }

  /// Where resources of this type are: its `endpoint` (RFC 7643 section 6), which some servers write as a whole address.
  /// - Throws: `malformed` when that lies outside the base address: our credential goes nowhere else.
  func collection(_ type: ResourceType) throws(EndpointError) -> String {
    let path = type.endpoint.hasPrefix(base + "/") ? String(type.endpoint.dropFirst(base.count)) : type.endpoint
    guard !path.contains("://"), !path.hasPrefix("//") else {
      throw EndpointError(.malformed, "the endpoint of resource type \(type.name) lies outside of `url`: \(path)")
    }
    return path.hasPrefix("/") ? path : "/" + path
  }

  /// Where the resource with this id is; an id may be any string.
  func resource(_ id: String, of type: ResourceType) throws(EndpointError) -> String {
    guard !["", ".", ".."].contains(id) else {
      throw EndpointError(.rejected, "a \(type.name) with the id '\(id)' cannot be addressed")
    }
    return try collection(type) + "/" + Self.encode(id)
  }

  /// A query of these parameters, in their order, with its question mark.
  static func query(_ parameters: [(name: String, value: String)]) -> String {
    parameters.isEmpty ? "" : "?" + parameters.map { "\($0.name)=\(encode($0.value))" }.joined(separator: "&")
  }

  /// Percent-encodes all but the unreserved characters (RFC 3986 section 2.3).
  static func encode(_ text: String) -> String {
    String(decoding: text.utf8.flatMap { isUnreserved($0) ? [$0] : escape($0) }, as: UTF8.self)
  }

  private static func escape(_ byte: UInt8) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "~"):
      true
    default: false
    }
  }

  private static func isLoopback(_ host: String) -> Bool {
    let isIPv4 = host.hasPrefix("127.") && host.allSatisfy { $0 == "." || $0.isNumber }
    return isIPv4 || ["localhost", "::1", "[::1]"].contains(host)
  }
}
