import JSON

extension EndpointError {
  /// What the refusal of a token means (RFC 6749 section 5.2), with a way out of it.
  /// - Parameter body: of the answer, nil when it is no JSON.
  func refusingToken(by grant: AccessTokenGrant, _ body: JSONObject?) -> EndpointError {
    guard let code = body?["error"]?.string, let (kind, remedy) = Self.meaning(of: code, grant) else {
      return EndpointError(kind, status: status, "the token endpoint answered \(message)")
    }
    let description = body?["error_description"]?.string ?? ""
    let reason = description.isEmpty ? code : "\(code), \(MessageText.oneLine(description))"
    return EndpointError(kind, status: status, "the token endpoint gives no access token (\(reason)); \(remedy)")
  }

  private static func meaning(of code: String, _ grant: AccessTokenGrant) -> (Kind, remedy: String)? {
    switch code {
    case "invalid_grant": (.unauthorized, remedyForGrant(grant.proof))
    case "invalid_client": (.unauthorized, remedyForClient(grant.proof))
    case "unauthorized_client", "access_denied": (.forbidden, remedyForPermission(grant.proof))
    case "invalid_scope": (.forbidden, "allow the client these scopes: \(scopes(grant))")
    case "unsupported_grant_type": (.misconfigured, "check `tokenURL` and `grant`")
    default: nil
    }
  }

  private static func remedyForGrant(_ proof: AccessTokenGrant.Proof) -> String {
    switch proof {
    case .clientCredentials: "check that the client may ask for tokens for itself"
    case .assertion(let assertion):
      "check that this machine's clock is right, that the key is still registered there, and that \(assertion.subject)"
        + " is a user there whom \(assertion.issuer) may act for"
    }
  }

  private static func remedyForClient(_ proof: AccessTokenGrant.Proof) -> String {
    switch proof {
    case .clientCredentials(let id, _): "check the secret of the client \(id)"
    case .assertion(let assertion): "check that \(assertion.issuer) exists there and that the key is one of its own"
    }
  }

  private static func remedyForPermission(_ proof: AccessTokenGrant.Proof) -> String {
    switch proof {
    case .clientCredentials(let id, _): "allow the client \(id) the grant `client_credentials` there"
    case .assertion(let assertion) where assertion.scopes.isEmpty:
      "allow \(assertion.issuer) to act for \(assertion.subject) there"
    case .assertion(let assertion):
      "allow \(assertion.issuer) to act for the users of the domain, for exactly these scopes: "
        + assertion.scopes.joined(separator: ",")
    }
  }

  private static func scopes(_ grant: AccessTokenGrant) -> String {
    guard case .assertion(let assertion) = grant.proof, !assertion.scopes.isEmpty else {
      return grant.scopes.joined(separator: " ")
    }
    return assertion.scopes.joined(separator: ",")
  }
}
