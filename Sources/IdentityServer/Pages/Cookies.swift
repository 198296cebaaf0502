import HTTPTypes
import HummingbirdCore
import JSON

/// The cookies of one server: readable by no script, sent to nobody else, gone with the browser.
struct Cookies: Sendable {
  enum Kind: String, CaseIterable, Sendable {
    /// Somebody has signed in.
    case session
    /// One browser, whoever uses it: ties forms and what a sign-in leads on to.
    case browser
  }

  /// Whether browsers come by TLS.
  private let isSecure: Bool
  /// Cookies know no ports, so that two servers of one host would take each other's.
  private let port: Int

  init(_ configuration: ServerConfiguration, _ context: ServerContext) {
    self.init(isSecure: Self.isSecure(configuration), port: context.localPort)
  }

  init(isSecure: Bool, port: Int) {
    self.isSecure = isSecure
    self.port = port
  }

  static func isSecure(_ configuration: ServerConfiguration) -> Bool {
    configuration.publicURL?.hasPrefix("https:") ?? (configuration.tls != nil)
  }

  /// The prefix makes browsers refuse what another host of the domain, or a plain connection, sets by this name.
  func name(_ kind: Kind) -> String { "\(isSecure ? "__Host-" : "")rollcall-\(kind.rawValue)-\(port)" }

  /// nil when there is none, or when there are several that differ: then somebody else has set one.
  func value(_ kind: Kind, in request: Request) -> String? {
    let name = name(kind)
    // By bytes: a header may hold what costs a lot to see as characters.
    let pairs = request.headers[values: .cookie].flatMap { $0.utf8.split(separator: UInt8(ascii: ";")) }
    let values = pairs.compactMap { pair -> String? in
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1)
      guard parts.count == 2, parts[0].filter({ $0 != UInt8(ascii: " ") }).elementsEqual(name.utf8) else { return nil }
      return String(Substring(parts[1]))
    }
    guard let first = values.first, values.allSatisfy(first.isExactly) else { return nil }
    return first
  }

  /// As `Set-Cookie` has it. `Lax`, for applications send browsers here.
  func setting(_ kind: Kind, _ value: String) -> String {
    "\(name(kind))=\(value); Path=/; HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
  }

  func clearing(_ kind: Kind) -> String { setting(kind, "") + "; Max-Age=0" }
}
