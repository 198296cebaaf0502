import Foundation
import JSON
import OpenID
import Testing

@testable import IdentityServer

/// How old a sign-in at another provider is: as old as the provider says (OpenID Connect Core section 3.1.2.1).
struct FederatedFreshnessTests {
  private static let hours: [Int?] = [nil, 10, 0, -1]

  /// - Parameter age: in hours; nil where the provider does not tell.
  @Test(arguments: hours) func theProvidersTimeIsKept(_ age: Int?) async throws {
    try await ForeignLogin.run { login async throws in
      let now = Int(login.provider.now.timeIntervalSince1970)
      login.provider.behave {
        $0.claims = { $0["auth_time"] = age.map { .number(JSONNumber(now - $0 * 3600)) } }
      }
      let code = try await login.signIn().redirected["code"] ?? ""
      let tokens = try await login.party.redeem(code).json
      #expect(try await login.party.verified(tokens["id_token"]?.string).authTime == now - max(age ?? 0, 0) * 3600)
      let isOld = age == 10
      let silent = login.party.authorize(["max_age": "600", "prompt": "none"])
      let again = try await login.browser.follow(try await login.browser.get(silent))
      #expect(again.redirected["error"] == (isOld ? "login_required" : nil))
      #expect(try await login.browser.get(login.party.authorize()).redirected["code"] != nil, "nobody asked for more")

      let asked = try await login.browser.follow(try await login.browser.get(login.party.authorize(["max_age": "600"])))
      #expect(asked.redirected["max_age"] == (isOld ? "600" : nil), "the provider is asked again")
    }
  }

  /// What is asked of newcomers on the way makes nothing newer, and no number is too large for a time.
  @Test(arguments: ["1789964000", "1e300"]) func theTimeOutlastsQuestions(_ told: String) async throws {
    try await ForeignLogin.run(policy: ["enabled": true, "prompt": "consent"]) { login async throws in
      let now = Int(login.provider.now.timeIntervalSince1970)
      let time = Int(told) ?? now
      login.provider.behave { $0.claims = { $0["auth_time"] = try? JSONValue(parsing: Array(told.utf8)) } }
      let page = try await login.signIn()
      let answer = try await login.browser.follow(
        try await login.browser.submit(page, ["decision": "allow"], to: "/commonauth/account"))
      let tokens = try await login.party.redeem(answer.redirected["code"] ?? "").json
      #expect(try await login.party.verified(tokens["id_token"]?.string).authTime == time)
    }
  }
}
