import JSON
import LocalDirectory
import OpenID
import Testing

@testable import IdentityServer

/// Accounts that come by sign-ins are written as all others, so that connectors hear of them.
struct FederationOutboundTests {
  @Test func theNewUserGoesOnToTheConnectorsOfTheServer() async throws {
    try await withServer { target in
      try await withOutbound { outbound in
        try await outbound.provider("hr", target.connector())
        try await outbound.resident("hr")
        var setup = ServerSetup()
        setup.directory = outbound.directory
        try await ForeignLogin.run(setup) { login async throws in
          #expect(try await login.signIn().redirected["code"] != nil)
          try await eventually("eve is there too") { try await target.user("eve") != nil }
          #expect(try await target.user("eve")?["emails"] == [["value": "eve@other.example", "type": "work"]])
          login.provider.behave { $0.claims = { $0["email"] = "new@other.example" } }
          #expect(try await login.anew().signIn().redirected["code"] != nil)
          try await eventually("her new address too") {
            try await target.user("eve")?["emails"] == [["value": "new@other.example", "type": "work"]]
          }
        }
      }
    }
  }

  /// Who asked to be told when a connector fails is; the account stays, and is known the next time.
  @Test func aConnectorThatBlocksHoldsUpTheFirstSignIn() async throws {
    try await withOutbound { outbound in
      let nowhere: JSONObject = ["type": "scim2", "userEndpoint": "http://127.0.0.1:1/scim2/Users"]
      try await outbound.provider("hr", nowhere, blocking: true)
      var setup = ServerSetup()
      setup.directory = outbound.directory
      try await ForeignLogin.run(setup) { login async throws in
        try await outbound.resident("hr")
        let answer = try await login.signIn()
        #expect(answer.status == 502)
        #expect(answer.text.contains("another system that needs to know it does not answer"))
        #expect(!login.isSignedIn)
        #expect(try await login.server.user("eve") != nil)
        #expect(try await login.anew().signIn().redirected["code"] != nil)
      }
    }
  }
}
