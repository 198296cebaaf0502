import Foundation

/// Where and how the identity server listens.
package struct ServerConfiguration: Sendable {
  /// The address to bind: a host name or an IP address.
  package var host: String
  /// 0 picks a free port, which ``IdentityServer`` reports.
  package var port: Int
  /// The path of the SCIM service, with its leading slash: `/scim2`.
  package var basePath: String
  /// nil serves plain HTTP, which is allowed on the loopback only.
  package var tls: TLSIdentity?
  /// Where a renewed certificate comes from; nil keeps the first one.
  package var renewal: CertificateRenewal?
  /// Scheme and authority that clients see when a proxy stands before the server: `https://id.example.com`. nil takes them
  /// from each request.
  package var publicURL: String?
  /// What tokens and answers name us by. nil takes the address of the server, as the client of each request knows it.
  package var issuer: String?
  /// The addresses of proxies whose word is taken for where a request comes from (`X-Forwarded-For`).
  package var trustedProxies: Set<String> = []
  /// In bytes; longer request bodies are refused with 413.
  package var maxBodySize: Int
  /// The most resources on one page, whatever a client asks for.
  package var maxResults: Int
  /// The resources on a page when the client does not say.
  package var defaultPageSize: Int
  /// The most operations in one bulk request.
  package var maxBulkOperations = 1000
  /// What cursors are encrypted with; the same for all servers that answer for one another. nil makes a key for this
  /// process, so that a restart ends all walks by cursor.
  package var cursorSecret: [UInt8]?
  /// How the SCIM services write the names of groups.
  package var groupNames = GroupNames.plain
  package var limits: ConnectionLimits
  /// The release, as `/metrics` tells it.
  package var version: String
  /// The time by which certificates are valid or not.
  package var now: @Sendable () -> Date

  package init(
    host: String = "127.0.0.1", port: Int = 9443, basePath: String = "/scim2", tls: TLSIdentity? = nil,
    publicURL: String? = nil, maxBodySize: Int = 1 << 20, maxResults: Int = 1000, defaultPageSize: Int = 100,
    limits: ConnectionLimits = ConnectionLimits(), version: String = "",
    now: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.host = host
    self.port = port
    self.basePath = basePath
    self.tls = tls
    self.publicURL = publicURL
    self.maxBodySize = maxBodySize
    self.maxResults = maxResults
    self.defaultPageSize = defaultPageSize
    self.limits = limits
    self.version = version
    self.now = now
  }

  /// What browsers are told to remember (RFC 6797): the public address is reached by TLS alone. They remember it of all
  /// ports of a name, on which other services may speak plain HTTP; so it is said of a public address without a port only,
  /// whose name is ours.
  var strictTransportSecurity: String? {
    guard let name = publicURL?.lowercased().wholeMatch(of: /https:\/\/([^:\/]+)/)?.1 else { return nil }
    return name == "localhost" || name.hasSuffix(".localhost") ? nil : "max-age=31536000"
  }

  /// Whether only this machine is to reach the server: at its address, and over no proxy.
  package var isForThisMachine: Bool {
    let publicHost = publicURL.flatMap { URL(string: $0)?.host()?.lowercased() } ?? "localhost"
    return isLoopback && trustedProxies.isEmpty
      && (Self.isLoopback(publicHost) || publicHost.hasSuffix(".localhost"))
  }

  /// Whether only this machine can reach the address.
  package var isLoopback: Bool { Self.isLoopback(host) }

  private static func isLoopback(_ host: String) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    let isIPv4 = parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    return host == "localhost" || host == "::1" || (isIPv4 && parts[0] == "127")
  }
}

/// A certificate chain and its private key, both in PEM; printing it shows neither.
package struct TLSIdentity: Sendable, CustomStringConvertible, CustomReflectable {
  /// The server's certificate first, then the intermediate ones.
  package let certificateChain: String
  package let privateKey: String

  package init(certificateChain: String, privateKey: String) {
    self.certificateChain = certificateChain
    self.privateKey = privateKey
  }

  package var description: String { "TLSIdentity" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why the server cannot start; the description is one sentence for the person who started it.
package struct ServerError: Error, Hashable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// Plain HTTP was asked for on an address that others can reach.
    case plaintextBeyondLoopback
    /// The certificate or its key cannot be used.
    case unusableCertificate
    /// The address is taken, not ours, or needs rights that we lack.
    case cannotListen
    /// A key that signs tokens is missing or cannot be opened.
    case unusableKey
  }

  package let kind: Kind
  package let description: String

  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
