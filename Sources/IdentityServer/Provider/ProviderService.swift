import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import OpenID

/// What applications read of the provider: what it can do (OpenID Connect Discovery, RFC 8414), its keys (RFC 7517), and who
/// the user of a token is (OpenID Connect Core section 5.3).
struct ProviderService: WebService {
  private static let discovery = [
    "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server",
    // As WSO2 Identity Server has it.
    "/oauth2/token/.well-known/openid-configuration", "/oauth2/oidcdiscovery/.well-known/openid-configuration",
  ]
  private static let keys = "/oauth2/jwks"
  private static let userInfo = "/oauth2/userinfo"
  /// In bytes.
  private static let maxFormSize = 1 << 13

  private let directory: Directory
  private let configuration: ServerConfiguration
  private let provider: OpenIDProvider
  private let tokens: AccessTokens
  private let scopes: [String]

  init(directory: Directory, configuration: ServerConfiguration, provider: OpenIDProvider, tokens: AccessTokens) {
    self.directory = directory
    self.configuration = configuration
    self.provider = provider
    self.tokens = tokens
    scopes = OpenIDScope.allCases.map(\.rawValue) + ScopeGrant.names(for: directory.catalog)
  }

  func owns(_ path: String) -> Bool { path == Self.keys || path == Self.userInfo || Self.discovery.contains(path) }

  func response(to refusal: Refusal) -> Response { .oauth(refusal) }

  func respond(to exchange: Exchange) async throws -> Response {
    let isUserInfo = exchange.request.uri.path == Self.userInfo
    let methods: [HTTPRequest.Method] = isUserInfo ? [.get, .post] : [.get]
    guard methods.contains(exchange.request.method) else { throw Refusal.methodNotAllowed(methods) }
    if isUserInfo { return try await userInfo(exchange) }
    let isKeys = exchange.request.uri.path == Self.keys
    return .published(isKeys ? try await provider.keys.keySet() : metadata(exchange))
  }

  private func metadata(_ exchange: Exchange) -> JSONObject {
    let base = BaseAddress(of: exchange.request, to: exchange.context, configuration, path: "").text
    var metadata = ProviderMetadata(issuer: configuration.issuer(exchange), base: base, scopes: scopes)
    metadata.claims = UserClaims.names
    return metadata.json
  }

  /// - Throws: ``Refusal`` 401 or 403 as RFC 6750 section 3.1 has them.
  private func userInfo(_ exchange: Exchange) async throws -> Response {
    guard let secret = try await bearer(exchange) else { throw Refusal.bearer(nil) }
    guard let token = try await tokens.active(secret),
      case .user(let user, let client) = try await TokenBearer(token, in: directory)
    else { throw Refusal.bearer(OAuthError(.invalidToken, "The token is unknown, has expired or was revoked.")) }
    guard token.scopes.contains(.openid) else {
      throw Refusal.bearer(OAuthError(.insufficientScope, "This takes the scope openid."))
    }
    let claims = UserClaims(user)
    var body: JSONObject = ["sub": .string(claims.subject(for: client))]
    for claim in claims.claims(for: token.scopes) { body[claim.key] = claim.value }
    return .oauth(.ok, body)
  }

  /// The token of the header or of the form (RFC 6750 section 2); never of the address, which others write down.
  /// - Throws: ``Refusal`` 400 for a token in both.
  private func bearer(_ exchange: Exchange) async throws -> TokenSecret? {
    var inForm: String?
    if exchange.request.method == .post, exchange.request.isForm {
      inForm = try? await exchange.request.form(maxSize: Self.maxFormSize)["access_token"]
    }
    guard let header = exchange.request.headers[.authorization] else { return inForm.map(TokenSecret.init) }
    guard inForm == nil else {
      throw Refusal.bearer(OAuthError(.invalidRequest, "The token must come in one way only."))
    }
    guard case .bearer(let token)? = Credential(authorization: header) else { return nil }
    return TokenSecret(token)
  }
}

extension Response {
  /// What everybody may read, scripts of other sites among them.
  fileprivate static func published(_ body: JSONObject) -> Response {
    var response = Response.oauth(.ok, body)
    if let pragma = HTTPField.Name("Pragma") { response.headers[pragma] = nil }
    response.headers[.cacheControl] = "public, max-age=300"
    response.headers[.accessControlAllowOrigin] = "*"
    return response
  }
}
