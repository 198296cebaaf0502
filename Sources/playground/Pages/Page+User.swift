import Foundation
import JSON

extension Page {
  /// The page that begins a sign-in.
  static func form(_ registration: Registration) -> Page {
    Page(
      template: "form", title: "Sign in",
      texts: ["client": registration.clientID, "issuer": registration.issuer, "scope": registration.scope])
  }

  /// The page of somebody who has signed in. Tokens are told of, but not shown: whoever has one is the user.
  static func user(_ signedIn: SignedIn, _ registration: Registration) -> Page {
    let tokens = signedIn.tokens
    var page = Page(
      template: "user", title: "Signed in",
      texts: ["user": signedIn.name, "issuer": registration.issuer, "client": signedIn.attempt.clientID])
    page.tables["claims"] = rows(signedIn.claims)
    page.tables["userinfo"] = rows(signedIn.user ?? JSONObject())
    page.tables["tokens"] = [
      row("Access token", lifetime(tokens)), row("Scopes", tokens.scope),
      row("Refresh token", signedIn.refreshToken == nil ? "none" : "there is one"),
      row("Renewed", signedIn.renewals == 1 ? "once" : "\(signedIn.renewals) times"),
    ]
    page.texts["renewable"] = signedIn.refreshToken.map { _ in "yes" }
    return page
  }

  private static func lifetime(_ tokens: Tokens) -> String {
    guard let seconds = tokens.lifetime, let expiry = tokens.expiresAt else { return "does not say how long it lives" }
    return "lives \(seconds) seconds, until \(text(expiry))"
  }

  private static func rows(_ claims: JSONObject) -> [[String: String]] {
    claims.sorted { $0.key < $1.key }.map { row($0.key, text($0.value, of: $0.key)) }
  }

  private static func row(_ name: String, _ value: String) -> [String: String] { ["name": name, "value": value] }

  /// A text as it is, a time readable beside its number, and everything else in JSON.
  private static func text(_ value: JSONValue, of claim: String) -> String {
    if let text = value.string { return text }
    if ["exp", "iat", "nbf", "auth_time", "updated_at"].contains(claim), let seconds = value.int {
      return "\(seconds) (\(text(Date(timeIntervalSince1970: TimeInterval(seconds)))))"
    }
    return value.text
  }

  private static func text(_ time: Date) -> String {
    time.formatted(.iso8601.year().month().day().dateTimeSeparator(.space).time(includingFractionalSeconds: false))
      + " UTC"
  }
}
