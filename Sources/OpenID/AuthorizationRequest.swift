import Foundation

/// What a client asks the authorization endpoint for (RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2.1), when it is
/// known who asks and where the answer goes.
package struct AuthorizationRequest: Hashable, Sendable {
  /// What the client wants the user to be shown (Core section 3.1.2.1).
  package enum Prompt: String, Sendable, CaseIterable {
    case none, login, consent
    case selectAccount = "select_account"
  }

  package var client: Client
  package var redirectURI: RedirectURI
  /// The client's own, given back as it is.
  package var state: String?
  /// Those of the wanted scopes that the client may ask for.
  package var scopes: Scopes
  package var challenge: CodeChallenge?
  package var nonce: String?
  package var prompts: Set<Prompt>
  /// How long ago the user may have proved who they are, in seconds.
  package var maxAge: Int?
  /// Who the client thinks it is, to fill the form with.
  package var loginHint: String?
  /// An ID token of ours: of whom the client wants to hear.
  package var idTokenHint: String?

  /// Who asks and where the answer goes: until both are known, nothing may be sent anywhere.
  package struct Address: Hashable, Sendable {
    package let clientID: String
    package let redirectURI: String
    package let state: String?

    /// - Throws: `OAuthError` invalid_request when one of them is missing.
    package init(_ parameters: [String: String]) throws(OAuthError) {
      guard let clientID = parameters["client_id"] else {
        throw OAuthError(.invalidRequest, "The parameter client_id is missing.")
      }
      guard let redirectURI = parameters["redirect_uri"] else {
        throw OAuthError(.invalidRequest, "The parameter redirect_uri is missing.")
      }
      self.clientID = clientID
      self.redirectURI = redirectURI
      state = parameters["state"]
    }
  }

  /// - Parameters:
  ///   - parameters: those of the query or form that are not empty.
  ///   - granting: those of the wanted scopes that are not about the user and that the client may have.
  /// - Throws: `OAuthError` for what the client must hear of.
  package init(
    _ parameters: [String: String], from client: Client, to redirectURI: RedirectURI,
    granting: (Scopes) -> Scopes = { _ in .none }
  ) throws(OAuthError) {
    self.client = client
    self.redirectURI = redirectURI
    state = parameters["state"]
    try Self.checkForm(parameters)
    guard client.grantTypes.contains(.authorizationCode) else {
      throw OAuthError(.unauthorizedClient, "The client may not use the grant type authorization_code.")
    }
    let wanted = try Scopes(parsing: parameters["scope"] ?? "")
    let identity = client.identityScopes(among: wanted)
    // Without openid there is no sign-in, and nothing about the user to tell.
    scopes = (identity.contains(.openid) ? identity : .none).union(granting(wanted))
    guard !scopes.isEmpty else {
      throw OAuthError(.invalidScope, "The client may have none of these scopes; a sign-in takes openid.")
    }
    challenge = try Self.challenge(parameters, isRequired: client.mustProveCode)
    nonce = parameters["nonce"]
    prompts = try Self.prompts(parameters["prompt"])
    maxAge = try Self.maxAge(parameters["max_age"])
    loginHint = parameters["login_hint"]
    idTokenHint = parameters["id_token_hint"]
  }

  private static func checkForm(_ parameters: [String: String]) throws(OAuthError) {
    // What we do not read cannot be obeyed, and whoever signs a request means all of it (Core section 6).
    if parameters["request"] != nil { throw OAuthError(.requestNotSupported, "Request objects are not read.") }
    if parameters["request_uri"] != nil { throw OAuthError(.requestURINotSupported, "Request objects are not read.") }
    guard let type = parameters["response_type"] else {
      throw OAuthError(.invalidRequest, "The parameter response_type is missing.")
    }
    guard type == "code" else { throw OAuthError(.unsupportedResponseType, "The response_type must be code.") }
    guard ["query", nil].contains(parameters["response_mode"]) else {
      throw OAuthError(.invalidRequest, "The response_mode must be query.")
    }
  }

  private static func challenge(
    _ parameters: [String: String], isRequired: Bool
  ) throws(OAuthError) -> CodeChallenge? {
    if let text = parameters["code_challenge"] {
      return try CodeChallenge(text, method: parameters["code_challenge_method"])
    }
    guard !isRequired, parameters["code_challenge_method"] == nil else {
      throw OAuthError(.invalidRequest, "The parameter code_challenge is missing.")
    }
    return nil
  }

  private static func prompts(_ text: String?) throws(OAuthError) -> Set<Prompt> {
    var prompts: Set<Prompt> = []
    for name in (text ?? "").split(separator: " ") {
      guard let prompt = Prompt(rawValue: String(name)) else {
        throw OAuthError(.invalidRequest, "The prompt must be none, or among login, consent and select_account.")
      }
      prompts.insert(prompt)
    }
    guard !prompts.contains(.none) || prompts.count == 1 else {
      throw OAuthError(.invalidRequest, "The prompt none stands alone.")
    }
    return prompts
  }

  private static func maxAge(_ text: String?) throws(OAuthError) -> Int? {
    guard let text else { return nil }
    guard let seconds = Int(text), seconds >= 0 else {
      throw OAuthError(.invalidRequest, "max_age must be a number of seconds.")
    }
    return seconds
  }
}
