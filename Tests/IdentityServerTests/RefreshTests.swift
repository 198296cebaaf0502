import Foundation
import JSON
import LocalDirectory
import NIOHTTP1
import OpenID
import Testing

/// Refresh tokens (RFC 6749 section 6): another one with each use, and nothing more for anybody when one comes twice
/// (RFC 9700 section 4.14.2).
struct RefreshTests {
  @Test func everyUseGivesAnotherOne() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let first = try await party.tokens()
      let second = try await party.refresh(first.text("refresh_token"))
      #expect(second.status == 200, "\(second.text)")
      #expect(second.json.text("refresh_token").hasPrefix("rcr_"))
      #expect(second.json["refresh_token"] != first["refresh_token"])
      #expect(second.json["access_token"] != first["access_token"])
      #expect(second.json["scope"] == "openid profile email")
      let (before, after) = (
        try await party.verified(first["id_token"]?.string), try await party.verified(second.json["id_token"]?.string)
      )
      #expect(before.sub == after.sub)
      #expect(before.authTime == after.authTime)
      #expect(before.sid == after.sid)
      #expect(after.nonce == nil)
      #expect(try await party.userInfo(second.json.text("access_token")).status == 200)
      #expect(try await party.refresh(second.json.text("refresh_token")).status == 200)
    }
  }

  @Test func aSecondUseEndsTheWholeFamily() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let first = try await party.tokens()
      let second = try await party.refresh(first.text("refresh_token")).json
      let third = try await party.refresh(second.text("refresh_token")).json
      #expect(try await party.refresh(first.text("refresh_token")).json["error"] == "invalid_grant")
      #expect(try await party.refresh(third.text("refresh_token")).json["error"] == "invalid_grant")
      for tokens in [first, second, third] {
        #expect(try await party.userInfo(tokens.text("access_token")).status == 401)
      }
    }
  }

  @Test func anotherSignInIsAnotherFamily() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let (one, other) = (try await party.tokens(), try await party.tokens())
      _ = try await party.refresh(one.text("refresh_token"))
      _ = try await party.refresh(one.text("refresh_token"))
      #expect(try await party.userInfo(one.text("access_token")).status == 401)
      #expect(try await party.refresh(other.text("refresh_token")).status == 200)
    }
  }

  @Test func fewerScopesMayBeAskedForAndNeverMore() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let first = try await party.tokens()
      #expect(
        try await party.refresh(first.text("refresh_token"), scope: "openid phone").json["error"] == "invalid_scope")
      let second = try await party.refresh(first.text("refresh_token"), scope: "openid").json
      #expect(second["scope"] == "openid")
      #expect(try await party.userInfo(second.text("access_token")).json["email"] == nil)
      let third = try await party.refresh(second.text("refresh_token")).json
      #expect(third["scope"] == "openid profile email", "the user's grant is what it was")
    }
  }

  @Test func theyExpire() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      let party = try await RelyingParty.registered(
        server, ["refreshTokenLifetime": "2h", "accessTokenLifetime": "1h"])
      let first = try await party.tokens()
      setup.clock.advance(by: .seconds(7000))
      let second = try await party.refresh(first.text("refresh_token"))
      #expect(second.status == 200, "each has its own time")
      setup.clock.advance(by: .seconds(7000))
      #expect(try await party.userInfo(second.json.text("access_token")).status == 401)
      let third = try await party.refresh(second.json.text("refresh_token"))
      #expect(third.status == 200)
      setup.clock.advance(by: .seconds(7300))
      #expect(try await party.refresh(third.json.text("refresh_token")).json["error"] == "invalid_grant")
    }
  }

  @Test func noFamilyLivesForever() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      let party = try await RelyingParty.registered(server, ["refreshTokenLifetime": "60d"])
      let first = try await party.tokens()
      setup.clock.advance(by: .seconds(59 * 86_400))
      let second = try await party.refresh(first.text("refresh_token"))
      #expect(second.status == 200)
      setup.clock.advance(by: .seconds(31 * 86_400 + 1))
      #expect(try await party.refresh(second.json.text("refresh_token")).json["error"] == "invalid_grant")
    }
  }

  @Test func whoMayNotRefreshGetsNone() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server, ["grantTypes": ["authorization_code"]])
      let tokens = try await party.tokens(["scope": "openid offline_access"])
      #expect(tokens["access_token"] != nil)
      #expect(tokens["refresh_token"] == nil)
      #expect(try await party.refresh("rcr_x").json["error"] == "unauthorized_client")
    }
  }

  @Test func anotherPasswordEndsTheFamilies() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let tokens = try await party.tokens()
      let ann = try await server.send(.GET, "/Users?filter=userName+eq+%22ann%22").resources.first?.text("id") ?? ""
      _ = try await server.send(.PATCH, "/Users/\(ann)", patch("replace", "password", "another secret"))
      #expect(try await party.refresh(tokens.text("refresh_token")).json["error"] == "invalid_grant")
    }
  }

  @Test func revokingARefreshTokenEndsItsFamily() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let (one, other) = (try await party.tokens(), try await party.tokens())
      let stranger = try await server.register("stranger", secret: "s3cret")
      #expect(!stranger.isEmpty)
      let token = one.text("refresh_token")
      let refused = try await server.form("revoke", "token=\(token)", as: "stranger:s3cret")
      #expect(refused.json["error"] == "invalid_grant")
      #expect(try await server.form("revoke", "token=\(token)", as: "app:s3cret").status == 200)
      #expect(try await party.refresh(token).json["error"] == "invalid_grant")
      #expect(try await party.userInfo(one.text("access_token")).status == 401)
      #expect(try await party.userInfo(other.text("access_token")).status == 200)
      let access = other.text("access_token")
      #expect(try await server.form("introspect", "token=\(access)", as: "app:s3cret").json["username"] == "ann")
      #expect(try await server.form("introspect", "token=\(access)", as: "app:s3cret").json["client_id"] == "app")
      #expect(try await server.form("revoke", "token=\(access)", as: "app:s3cret").status == 200)
      #expect(try await server.form("introspect", "token=\(access)", as: "app:s3cret").json["active"] == false)
      #expect(try await party.refresh(other.text("refresh_token")).status == 200)
    }
  }

  @Test func aPublicApplicationMayRevokeWhatItHas() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server, secret: nil)
      let tokens = try await party.tokens()
      let answer = try await server.form("revoke", "client_id=app&token=\(tokens.text("refresh_token"))")
      #expect(answer.status == 200)
      #expect(try await party.userInfo(tokens.text("access_token")).status == 401)
      let asked = try await server.form("introspect", "client_id=app&token=\(tokens.text("access_token"))")
      #expect(asked.status == 401)
    }
  }
}
