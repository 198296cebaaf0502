import Manifests
import Reconciliation
import Testing

/// However a manifest is wrong, a secret that stands in it is not repeated.
@Suite struct SecretConfidentialityTests {
  static let secret = "hunter2-tip"

  @Test(arguments: [
    user("a", "password: \(secret)"),
    user("a", "password: {literal: \(secret), extra: 1}"),
    user("a", "password: {literal: \(secret)}, active: no"),
    user("a", "active: no, password: {literal: \"\(secret)\"}"),
    user("a", "passwrd: \(secret)"),
    user("a", "pasword: {literal: \(secret)}"),
    user("a", "password: [\(secret)]"),
    user("a", "password: {literal: [\(secret)]}"),
    user("a", "password: \"\(secret)\n"),
    "{apiVersion: rollcall/v1, kind: Usr, metadata: {name: a}, spec: {password: \(secret)}}",
    "{apiVersion: rollcall/v2, kind: User, metadata: {name: a}, spec: {password: \(secret)}}",
    "{apiVersion: rollcall/v1, kind: Notification, metadata: {name: a}, spec: {token: \(secret)}}",
    "{apiVersion: rollcall/v1, kind: User, metadata: {name: a}, password: \(secret), spec: {userName: a}}",
    document("User", "a", "\n  userName: a\n  password: |\n    \(secret)"),
    document("Endpoint", "e", "{type: google, auth: {basic: {username: a, password: \(secret)}}}"),
    endpoint("auth: {basic: {username: a, password: \(secret)}}"),
    endpoint("auth: {bearer: {token: \(secret), expires: 1}}"),
    endpoint("auth: {bearer: \(secret)}"),
    endpoint("auth: \(secret)"),
    document("Endpoint", "e", "{type: scim2, url: \"https://admin:\(secret)@x.example\"}"),
    document("IdentityProvider", "p", "{authenticators: [{type: openidconnect, clientSecret: \(secret)}]}"),
    document("Resource", "d", "{resourceType: Device, attributes: {password: \(secret)}, extra: 1}"),
  ])
  func isNotRepeated(_ text: String) {
    let compilation = ManifestCompiler().compile([ManifestSource(path: "x", bytes: Array(text.utf8))])
    #expect(!compilation.diagnostics.isEmpty)
    for diagnostic in compilation.diagnostics { #expect(!"\(diagnostic)".contains(Self.secret), "\(diagnostic)") }
    #expect(!"\(compilation.desiredState.resources.map(\.secrets))".contains(Self.secret))
  }
}
