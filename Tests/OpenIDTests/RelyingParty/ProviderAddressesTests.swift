import JSON
import Testing

@testable import OpenID

/// What another provider tells of itself, and which of its answers count.
struct ProviderAddressesTests {
  private static let metadata: JSONObject = [
    "issuer": "https://id.example/tenant", "authorization_endpoint": "https://id.example/authorize?tenant=1",
    "token_endpoint": "https://id.example/token", "jwks_uri": "https://keys.example/jwks",
    "userinfo_endpoint": "https://id.example/me",
    "token_endpoint_auth_methods_supported": ["none", "client_secret_post"],
    "authorization_response_iss_parameter_supported": true,
  ]

  @Test func metadataAreRead() throws {
    let addresses = try ProviderAddresses(Self.metadata, of: "https://id.example/tenant")
    #expect(addresses.authorization == "https://id.example/authorize?tenant=1")
    #expect(addresses.keys == "https://keys.example/jwks")
    #expect(addresses.userInfo == "https://id.example/me")
    #expect(addresses.namesItself)
    #expect(try addresses.clientAuthentication(hasSecret: true) == .post)
    #expect(try addresses.clientAuthentication(hasSecret: false) == .none)
    var bare = Self.metadata
    for name in ["userinfo_endpoint", "token_endpoint_auth_methods_supported"] { bare[name] = nil }
    let usual = try ProviderAddresses(bare, of: "https://id.example/tenant")
    #expect(usual.userInfo == nil)
    #expect(try usual.clientAuthentication(hasSecret: true) == .basic)
    bare["token_endpoint_auth_methods_supported"] = ["tls_client_auth"]
    let other = try ProviderAddresses(bare, of: "https://id.example/tenant")
    #expect(throws: FederationError.self) { try other.clientAuthentication(hasSecret: true) }
  }

  @Test(arguments: [
    ("https://id.example/tenant/", "https://id.example/tenant/.well-known/openid-configuration"),
    ("https://id.example", "https://id.example/.well-known/openid-configuration"),
  ])
  func metadataStandBelowTheIssuer(_ issuer: String, _ address: String) {
    #expect(ProviderAddresses.discovery(of: issuer) == address)
  }

  @Test(arguments: ["https://id.example", "https://id.example/tenant/", "https://evil.example"])
  func metadataOfAnotherAreNotTaken(_ issuer: String) {
    let error = #expect(throws: FederationError.self) { try ProviderAddresses(Self.metadata, of: issuer) }
    #expect(error?.kind == .untrustworthy)
  }

  @Test(arguments: [
    "http://id.example/", "ftp://id.example/", "https://", "https:///path", "//id.example", "https://a b", "",
    "https://user@id.example/", "https://id.example/#x", "javascript:alert(1)", "com.example:/x",
    "http://127.0.0.1.example/",
  ])
  func addressesThatAreNotSafeAreRefused(_ address: String) {
    let error = #expect(throws: FederationError.self) { try ProviderAddresses.checked(address, "issuer") }
    #expect(error?.kind == .misconfigured)
  }

  @Test(arguments: ["https://id.example:8443/a?b=c", "http://localhost:9444/", "http://127.0.0.1/x", "http://[::1]:1/"])
  func addressesOfTLSAndOfThisMachineAreTaken(_ address: String) throws {
    #expect(try ProviderAddresses.checked(address, "issuer") == address)
  }

  @Test func theRequestSaysAllThatTheAnswerIsHeldAgainst() {
    let proof = CodeProof(random: Array(0..<32))
    var request = AuthenticationRequest(
      clientID: "a&b", redirectURI: "https://here.example/commonauth", scopes: ["email", "openid"], state: "s=1",
      proof: proof)
    request.maxAge = 5
    request.prompt = "login"
    let location = request.location(at: "https://id.example/authorize?tenant=1")
    #expect(location.hasPrefix("https://id.example/authorize?tenant=1&response_type=code&client_id=a%26b&"))
    for part in [
      "redirect_uri=https%3A%2F%2Fhere.example%2Fcommonauth", "scope=openid%20email", "state=s%3D1",
      "nonce=\(proof.nonce)", "code_challenge=\(proof.challenge.text)", "code_challenge_method=S256", "max_age=5",
      "prompt=login",
    ] { #expect(location.contains("&\(part)"), "\(part)") }
    #expect(!location.contains(proof.verifier))
    #expect(CodeChallenge.isVerifier(proof.verifier))
    #expect(proof.nonce != proof.challenge.text)
    #expect(CodeProof(random: Array(1..<33)).nonce != proof.nonce)
  }

  /// Whoever speaks for an issuer elsewhere must not make us call services of this machine.
  @Test(arguments: ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"])
  func noIssuerElsewhereNamesServicesOfThisMachine(_ name: String) throws {
    var metadata = Self.metadata
    metadata[name] = "http://127.0.0.1:8200/v1/sys"
    let error = #expect(throws: FederationError.self) {
      try ProviderAddresses(metadata, of: "https://id.example/tenant")
    }
    #expect(error?.kind == .untrustworthy)
    metadata["issuer"] = "http://localhost:9444"
    #expect(throws: Never.self) { try ProviderAddresses(metadata, of: "http://localhost:9444") }
  }

  @Test func anEquivalentIssuerIsAnother() throws {
    var metadata = Self.metadata
    metadata["issuer"] = "https://id.example/\u{212A}"
    #expect(throws: FederationError.self) { try ProviderAddresses(metadata, of: "https://id.example/K") }
    let addresses = try ProviderAddresses(Self.metadata, of: "https://id.example/tenant")
    let answer = AuthenticationAnswer(["code": "c", "iss": "https://id.example/tenan\u{74}\u{301}"])
    #expect(throws: FederationError.self) { try answer.code(from: addresses) }
  }
}
