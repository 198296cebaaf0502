import OpenID

/// What the provider knows the application by, and what the application asks of it.
struct Registration: Sendable {
  /// Of the provider.
  let issuer: String
  let clientID: String
  /// nil for a public client (RFC 6749 section 2.1).
  let secret: TokenSecret?
  /// Apart by spaces.
  let scope: String
}

/// The paths of the site, which are those of WSO2's sample where that has one.
enum Place: String, CaseIterable {
  /// The form, or who has signed in.
  case start = "/playground2/oauth2.jsp"
  /// Takes the form and sends the browser to the provider.
  case authorization = "/playground2/oauth2-authorize-user.jsp"
  /// Where the provider sends the browser back to.
  case callback = "/playground2/oauth2client"
  /// Gets new tokens for the refresh token.
  case renewal = "/playground2/renew"
  case logout = "/playground2/logout"
  /// Where the provider sends the browser after a sign-out.
  case farewell = "/playground2/"
  case style = "/playground2/style.css"
  /// What browsers ask every site for.
  case icon = "/favicon.ico"

  /// Scheme and authority of the site. By name, as the provider has it registered.
  static func base(port: Int) -> String { "http://localhost:\(port)" }

  func address(port: Int) -> String { Self.base(port: port) + rawValue }
}
