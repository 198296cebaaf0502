import Foundation
import JSON

/// An address that a client registers, where browsers are sent with an answer (RFC 6749 section 3.1.2).
package struct RedirectURI: Hashable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  /// Why the address cannot be registered; nil when it can. Answers must neither be readable on the way nor become a script
  /// (RFC 9700 section 2.6, RFC 8252 section 7).
  package var objection: String? {
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x3C && $0 != 0x3E }),
      let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased()
    else { return "is no absolute URI" }
    if parts.fragment != nil { return "must have no fragment" }
    if parts.user != nil || parts.password != nil { return "must have no user" }
    switch scheme {
    case "https": return parts.host?.isEmpty == false ? nil : "names no host"
    case "http": return Self.isLoopback(parts.host) ? nil : "must be https beyond this machine"
    default: return scheme.contains(".") ? nil : "must be https, or a scheme named after a domain: com.example.app"
    }
  }

  /// Whether a request that names the other address may be answered there: it is the same, character by character.
  /// - Parameter anyPort: whether the port may differ when both are of the loopback, by its number (RFC 8252 section 7.3).
  package func matches(_ other: String, anyPort: Bool) -> Bool {
    if text.isExactly(other) { return true }
    guard anyPort, let mine = Loopback(text), let theirs = Loopback(other) else { return false }
    return mine == theirs
  }

  /// Whether any program of the user's machine may be waiting there: another one than the client can take a port of the
  /// loopback or a scheme of its own (RFC 8252 section 8.6).
  package var isNative: Bool { !text.asciiLowercased.hasPrefix("https:") }

  /// The scheme and authority, as a Content-Security-Policy names them; only the scheme of an application's own.
  package var origin: String {
    guard let parts = URLComponents(string: text), let scheme = parts.scheme else { return "" }
    guard let host = parts.host, !host.isEmpty, scheme.hasPrefix("http") else { return "\(scheme):" }
    return "\(scheme)://\(host)\(parts.port.map { ":\($0)" } ?? "")"
  }

  /// The address with more parameters in its query.
  package func adding(_ parameters: [(name: String, value: String)]) -> String {
    let query = parameters.map { "\($0.name)=\(FormEncoding.encoded($0.value))" }.joined(separator: "&")
    guard !query.isEmpty else { return text }
    let separator = text.contains("?") ? (text.hasSuffix("?") || text.hasSuffix("&") ? "" : "&") : "?"
    return text + separator + query
  }

  private static func isLoopback(_ host: String?) -> Bool {
    ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host ?? "")
  }

  /// An address of the loopback without its port.
  private struct Loopback: Hashable {
    let host: String
    let rest: Substring

    /// nil for what is none, or holds anything but ASCII, where characters are bytes.
    init?(_ text: String) {
      guard text.isASCII, let host = ["http://127.0.0.1", "http://[::1]"].first(where: text.hasPrefix) else {
        return nil
      }
      var rest = text.dropFirst(host.count)
      if rest.first == ":" {
        let port = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
        guard UInt16(port) != nil else { return nil }
        rest = rest.dropFirst(port.count + 1)
      }
      guard rest.isEmpty || "/?".contains(rest.first ?? " ") else { return nil }
      self.host = host
      self.rest = rest
    }
  }
}

/// Values of `application/x-www-form-urlencoded`, which are safe in every part of a URL.
package enum FormEncoding {
  package static func encoded(_ text: String) -> String {
    text.utf8.reduce(into: "") { result, byte in
      let isPlain =
        byte < 0x80 && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber)
      if isPlain || "-._~".utf8.contains(byte) {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
  }

  /// The fields as a form or a query string has them, sorted by name.
  package static func encoded(_ fields: [String: String]) -> String {
    fields.sorted { $0.key < $1.key }.map { "\(encoded($0.key))=\(encoded($0.value))" }.joined(separator: "&")
  }
}
