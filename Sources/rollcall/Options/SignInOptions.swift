import ArgumentParser
import Foundation
import IdentityServer
import OpenID
import Reports
import SCIM

/// How users sign in at the server, and what applications know it by.
struct SignInOptions: ParsableArguments {
  @Option(
    name: .customLong("public-url"),
    help: "The address that clients know the server by, when a proxy stands before it: https://id.example.com.")
  var publicURL: String?

  @Option(
    help:
      "What tokens name the server by. Default: its address. WSO2 Identity Server's is the address of the token endpoint: https://localhost:9443/oauth2/token."
  )
  var issuer: String?

  @Option(name: .customLong("session-idle"), help: "How long a sign-in lasts without the browser coming. Default: 1h.")
  var sessionIdle: String?

  @Option(name: .customLong("session-lifetime"), help: "How long a sign-in lasts at most. Default: 12h.")
  var sessionLifetime: String?

  func apply(to configuration: inout ServerConfiguration, _ settings: Settings) throws {
    configuration.publicURL = try settings.string("public-url", publicURL).map { text in
      let address = try Self.address(text, "public-url")
      guard address.path.isEmpty || address.path == "/" else {
        throw CommandFailure(.usage, "--public-url cannot have a path", hint: "such as https://id.example.com")
      }
      return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
    configuration.issuer = try settings.string("issuer", issuer).map { text in
      _ = try Self.address(text, "issuer")
      return text
    }
  }

  func sessions(_ settings: Settings) throws -> SessionPolicy {
    var policy = SessionPolicy()
    policy.idle = try time("session-idle", sessionIdle, settings) ?? policy.idle
    policy.absolute = try time("session-lifetime", sessionLifetime, settings) ?? policy.absolute
    return policy
  }

  private func time(_ name: String, _ flag: String?, _ settings: Settings) throws -> TimeInterval? {
    guard let text = settings.string(name, flag) else { return nil }
    guard let seconds = DurationText.seconds(text), seconds > 0 else {
      throw CommandFailure(.usage, "--\(name) cannot be \"\(text)\"", hint: "a time such as 1h or 30m")
    }
    return TimeInterval(seconds)
  }

  /// OpenID Connect Discovery section 3: an address without query and fragment.
  private static func address(_ text: String, _ name: String) throws -> URLComponents {
    guard let parts = URLComponents(string: text), let scheme = parts.scheme, ["http", "https"].contains(scheme),
      parts.host?.isEmpty == false, parts.query == nil, parts.fragment == nil, parts.user == nil
    else {
      throw CommandFailure(.usage, "--\(name) cannot be \"\(text)\"", hint: "such as https://id.example.com")
    }
    return parts
  }
}
