import Foundation

/// The address that a request comes from, and whose it is as far as that can be told.
package struct NetworkAddress: Hashable, Sendable {
  /// As it stands in the log.
  package let text: String

  package init(_ text: String) { self.text = text }

  /// The part that one party has: an IPv4 address as a whole, of an IPv6 address the first 64 bits.
  package var network: String {
    let bytes = significantBytes
    switch bytes.count {
    case 4: return bytes.map(String.init).joined(separator: ".")
    case 16: return bytes.prefix(8).map { String(256 + Int($0), radix: 16).dropFirst() }.joined() + "/64"
    default: return text
    }
  }

  package var isLoopback: Bool {
    let bytes = significantBytes
    return (bytes.count == 4 && bytes[0] == 127) || bytes == Self.loopback6
  }

  /// Whether the text is an IP address.
  package static func isAddress(_ text: String) -> Bool { !bytes(of: text).isEmpty }

  private static let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
  private static let loopback6 = [UInt8](repeating: 0, count: 15) + [1]

  /// In network order, of an IPv4 address within IPv6 its own; none for what is no IP address.
  private var significantBytes: [UInt8] {
    let bytes = Self.bytes(of: text)
    return bytes.starts(with: Self.mapped) ? Array(bytes.suffix(4)) : bytes
  }

  /// In network order; none for what is no IP address.
  private static func bytes(of text: String) -> [UInt8] {
    // C takes a NUL for the end, and what follows it would come along unseen.
    guard !text.utf8.contains(0) else { return [] }
    var bytes = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes.prefix(4)) }
    return inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : []
  }
}

extension NetworkAddress {
  /// Who sent a request: the peer, unless it is a proxy that we trust. Then whom the proxy says it was, which is the last
  /// entry of `X-Forwarded-For`; what stands before it the client may have made up.
  /// - Parameters:
  ///   - forwarded: the values of the header, in their order.
  ///   - proxies: the addresses of trusted proxies; a chain of them is followed to its beginning.
  init(peer: String, forwarded: [String], trusting proxies: Set<String>) {
    guard !proxies.isEmpty else {
      self.init(peer)
      return
    }
    let trusted = Set(proxies.map { NetworkAddress($0).canonical })
    var sender = peer
    var entries = forwarded.joined(separator: ",").split(separator: ",").map { entry in
      String(entry.filter { $0 != " " && $0 != "\t" })
    }
    while trusted.contains(NetworkAddress(sender).canonical), let next = entries.popLast() {
      guard Self.isAddress(next) else { break }
      sender = next
    }
    self.init(sender)
  }

  /// The address in the one spelling that it has here.
  private var canonical: String {
    let bytes = significantBytes
    return bytes.isEmpty ? text : bytes.map(String.init).joined(separator: ".")
  }
}
