import HTTPTypes
import JSON
import OpenID

/// How applications prove who they are (RFC 6749 section 2.3.1): by HTTP Basic, or in the form.
enum ClientAuthentication {
  /// nil when there is no credential of an application: none at all, or a bearer token.
  /// - Throws: `OAuthError` invalid_request when there are two, which section 2.3 forbids, or the form names another client.
  static func credential(_ form: [String: String], _ authorization: String?) throws(OAuthError) -> Credential? {
    let inForm = form["client_secret"].map { Credential.client(id: form["client_id"] ?? "", secret: $0) }
    guard case .basic(let id, let secret)? = authorization.flatMap(Credential.init(authorization:)) else {
      return inForm
    }
    guard inForm == nil else {
      throw OAuthError(.invalidRequest, "The client must authenticate in one way only.")
    }
    let name = decoded(id)
    guard form["client_id"]?.isExactly(name) != false else {
      throw OAuthError(.invalidRequest, "The client_id is not the one of the client that authenticates.")
    }
    return .client(id: name, secret: decoded(secret))
  }

  /// Both parts are percent-encoded before they are put together; a client that has not done so is taken at its word.
  private static func decoded(_ text: String) -> String { text.percentDecoded(plusIsSpace: true) ?? text }
}
