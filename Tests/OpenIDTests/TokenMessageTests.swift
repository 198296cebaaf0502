import Foundation
import JSON
import OpenID
import Testing

/// The messages of the token endpoint, of introspection and of revocation.
struct TokenMessageTests {
  @Test func aRequestNamesItsGrantAndItsScopes() throws {
    let plain = try TokenRequest(["grant_type": "client_credentials"])
    #expect(plain == TokenRequest(grant: .clientCredentials))
    let scoped = try TokenRequest(["grant_type": "client_credentials", "scope": "users:read groups:read"])
    #expect(scoped.scopes?.names == ["users:read", "groups:read"])
    let coded = try TokenRequest(["grant_type": "authorization_code", "code": "c", "redirect_uri": "u"])
    #expect(coded.grant == .authorizationCode(TokenSecret("c").digest, redirectURI: "u", verifier: nil))
    let refreshed = try TokenRequest(["grant_type": "refresh_token", "refresh_token": "r", "scope": "openid"])
    #expect(refreshed.grant == .refreshToken(TokenSecret("r").digest))
    #expect(refreshed.scopes?.names == ["openid"])
  }

  private static let wrongRequests: [([String: String], OAuthError.Code)] = [
    ([:], .invalidRequest), (["grant_type": "password"], .unsupportedGrantType),
    (["grant_type": "nonsense"], .unsupportedGrantType), (["grant_type": "authorization_code"], .invalidRequest),
    (["grant_type": "authorization_code", "code": "x"], .invalidRequest),
    (["grant_type": "authorization_code", "redirect_uri": "x"], .invalidRequest),
    (["grant_type": "refresh_token"], .invalidRequest),
    (["grant_type": "client_credentials", "scope": "a\"b"], .invalidScope),
  ]

  @Test(arguments: wrongRequests)
  func otherRequestsAreRefused(_ parameters: [String: String], _ code: OAuthError.Code) {
    let error = oauthError { () throws(OAuthError) in _ = try TokenRequest(parameters) }
    #expect(error?.code == code)
  }

  @Test func anInquiryNeedsAToken() {
    let error = oauthError { () throws(OAuthError) in _ = try TokenInquiry(["token_type_hint": "access_token"]) }
    #expect(error?.code == .invalidRequest)
  }

  @Test func anAnswerCarriesTheToken() throws {
    let answer = TokenResponse(
      accessToken: TokenSecret("rca_x"), expiresIn: 3600, scopes: try Scopes(parsing: "users:read"))
    #expect(
      JSONValue.object(answer.json).text
        == #"{"access_token":"rca_x","token_type":"Bearer","expires_in":3600,"scope":"users:read"}"#)
  }

  @Test func introspectionTellsWhatATokenIsWorth() throws {
    let token = AccessToken(
      digest: TokenSecret("rca_x").digest, holder: .client(id: "app", resource: "4711"),
      scopes: try Scopes(parsing: "users:read"), issuedAt: Date(timeIntervalSince1970: 100),
      expiresAt: Date(timeIntervalSince1970: 160))
    #expect(
      JSONValue.object(Introspection(token).json).text
        == #"{"active":true,"token_type":"Bearer","scope":"users:read","iat":100,"sub":"app","client_id":"app","exp":160}"#
    )
    #expect(JSONValue.object(Introspection(nil).json).text == #"{"active":false}"#)
  }

  /// The statuses and spellings of RFC 6749 section 5.2, RFC 6750 section 3.1 and RFC 7009 section 2.2.1.
  @Test(arguments: [
    (OAuthError.Code.invalidRequest, "invalid_request", 400), (.invalidClient, "invalid_client", 401),
    (.invalidGrant, "invalid_grant", 400), (.unauthorizedClient, "unauthorized_client", 400),
    (.unsupportedGrantType, "unsupported_grant_type", 400), (.invalidScope, "invalid_scope", 400),
    (.unsupportedTokenType, "unsupported_token_type", 400), (.invalidToken, "invalid_token", 401),
    (.insufficientScope, "insufficient_scope", 403),
  ])
  func errorsAreSpelledAsTheRFCsHaveThem(_ code: OAuthError.Code, _ spelling: String, _ status: Int) {
    let error = OAuthError(code, "Quotes \" and \\ and ü do not belong here.")
    #expect(error.json["error"]?.string == spelling)
    #expect(error.json["error_description"] == "Quotes ' and ' and ' do not belong here.")
    #expect(error.challenge.hasPrefix(#"error="\#(spelling)", error_description="Quotes "#))
    #expect(code.status == status)
  }
}
