import Foundation
import Reconciliation

/// Reads `auth`: how we prove who we are to an endpoint.
struct AuthenticationReader {
  enum Form: String, CaseIterable { case basic, bearer, oauth2, serviceAccount }
  enum Grant: String, CaseIterable {
    case jwtBearer = "jwt-bearer"
    case clientCredentials = "client_credentials"
  }

  let scope: FileScope
  let allowsPlaintext: Bool

  func read(_ node: YAMLNode) -> EndpointDeclaration.Authentication? {
    guard var fields = form(node, "`auth`") else { return nil }
    let forms = Form.allCases.compactMap { form in fields.take(form.rawValue).map { (form, $0) } }
    fields.finish("`auth`")
    guard let (form, value) = forms.first, forms.count == 1 else {
      let names = Form.allCases.map(\.rawValue).quoted(and: "and")
      scope.report(.conflictingFields, "`auth` needs exactly one of \(names)", at: node.mark)
      scope.concealSuspects(in: node)
      return nil
    }
    switch form {
    case .basic: return basic(value)
    case .bearer: return bearer(value)
    case .oauth2: return oauth2(value).map { .oauth2($0) }
    case .serviceAccount: return serviceAccount(value).map { .serviceAccount($0) }
    }
  }

  private func basic(_ node: YAMLNode) -> EndpointDeclaration.Authentication? {
    guard var fields = form(node, "`basic`") else { return nil }
    let username = text("username", of: "`basic`", in: &fields)
    let password = secret("password", of: "`basic`", in: &fields)
    fields.finish("`basic`")
    guard let username, let password else { return nil }
    return .basic(username: username, password: password)
  }

  private func bearer(_ node: YAMLNode) -> EndpointDeclaration.Authentication? {
    guard var fields = form(node, "`bearer`") else { return nil }
    let token = secret("token", of: "`bearer`", in: &fields)
    let expiresAt = fields.time("expiresAt")
    fields.finish("`bearer`")
    return token.map { .bearer(token: $0, expiresAt: expiresAt) }
  }

  private func oauth2(_ node: YAMLNode) -> OAuth2Client? {
    guard var fields = form(node, "`oauth2`"), let grantNode = fields.require("grant", of: "`oauth2`"),
      let kind = scope.choice(grantNode, Grant.self, what: "`grant`")
    else {
      scope.concealSuspects(in: node)
      return nil
    }
    let tokenURL = fields.require("tokenURL", of: "`oauth2`").flatMap(tokenAddress)
    let clientID = fields.require("clientId", of: "`oauth2`").flatMap(identifier)
    let grant = grant(kind, &fields)
    let scopes = fields.strings("scopes") ?? []
    let audience = kind == .jwtBearer ? fields.string("audience") : nil
    fields.finish("`oauth2` with the grant `\(kind.rawValue)`")
    guard let tokenURL, let clientID, let grant else { return nil }
    return OAuth2Client(tokenURL: tokenURL, clientID: clientID, grant: grant, scopes: scopes, audience: audience)
  }

  private func grant(_ kind: Grant, _ fields: inout Fields) -> OAuth2Client.Grant? {
    let what = "the grant `\(kind.rawValue)`"
    switch kind {
    case .clientCredentials:
      return secret("clientSecret", of: what, in: &fields).map { .clientCredentials(secret: $0) }
    case .jwtBearer:
      let key = secret("privateKey", of: what, in: &fields)
      let username = text("username", of: what, in: &fields)
      guard let key, let username else { return nil }
      return .jwtBearer(privateKey: key, username: username)
    }
  }

  private func serviceAccount(_ node: YAMLNode) -> ServiceAccount? {
    guard var fields = form(node, "`serviceAccount`") else { return nil }
    let key = secret("key", of: "`serviceAccount`", in: &fields)
    let subject = text("subject", of: "`serviceAccount`", in: &fields)
    let tokenURL = fields.take("tokenURL").flatMap(tokenAddress)
    fields.finish("`serviceAccount`")
    guard let key, let subject else { return nil }
    return ServiceAccount(key: key, subject: subject, tokenURL: tokenURL)
  }

  /// The fields of one form; whatever stands there instead may be a secret.
  private func form(_ node: YAMLNode, _ what: String) -> Fields? {
    if let fields = Fields(node, scope, what: what) { return fields }
    scope.conceal(node)
    return nil
  }

  private func text(_ name: String, of what: String, in fields: inout Fields) -> String? {
    fields.require(name, of: what).flatMap { scope.text($0, what: "`\(name)`") }
  }

  private func secret(_ name: String, of what: String, in fields: inout Fields) -> SecretReference? {
    fields.require(name, of: what).flatMap { SecretReader(scope: scope).read($0, what: "`\(name)`") }
  }

  /// A client's id is no secret: it may be written out, or kept beside the secret.
  private func identifier(_ node: YAMLNode) -> SecretReference? {
    if node.entries != nil { return SecretReader(scope: scope).read(node, what: "`clientId`") }
    return scope.text(node, what: "`clientId`").map { .literal(Secret($0)) }
  }

  private func tokenAddress(_ node: YAMLNode) -> String? {
    ConnectionReader(scope: scope)
      .url(
        node, field: "tokenURL", example: "https://login.salesforce.com/services/oauth2/token",
        allowsPlaintext: allowsPlaintext)
  }
}
