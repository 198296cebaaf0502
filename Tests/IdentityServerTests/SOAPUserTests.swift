import JSON
import LocalDirectory
import NIOHTTP1
import SCIM
import Testing
import XML

@testable import IdentityServer

/// Users, their credentials and claims through the SOAP service.
struct SOAPUserTests {
  @Test func aUserLivesFromAddToDelete() async throws {
    try await withServer { server async throws in
      let soap = SOAPClient(server: server)
      #expect(try await soap.call("addRole", xml("roleName", "Internal/analyst")).status == 202)
      let added = try await soap.addUser(
        "carol", xml("roleList", "Internal/analyst") + claim("emailaddress", "carol@x.org"))
      #expect(added.status == 202)
      #expect(added.http.bytes.isEmpty)
      #expect(try await soap.call("isExistingUser", xml("userName", "PRIMARY/carol")).returned == ["true"])
      let user = try await server.send(.GET, "/Users?filter=userName%20eq%20%22carol%22").resources.first
      #expect(user?["emails"] == [["value": "carol@x.org", "primary": true]])
      #expect(user?["roles"]?.array?.first?["display"] == "analyst")
      #expect(try await soap.claimValue("userid", of: "carol") == user?["id"]?.string)
      #expect(try await soap.call("deleteUser", xml("userName", "carol")).status == 202)
      #expect(try await soap.call("isExistingUser", xml("userName", "carol")).returned == ["false"])
      let gone = try await soap.call("deleteUser", xml("userName", "carol"))
      #expect(gone.status == 500)
      #expect(gone.faultText.hasPrefix("30007 - "))
    }
  }

  @Test(arguments: [
    (xml("roleList", "Internal/nowhere"), "31303"), (xml("roleList", "nowhere"), "31304"),
    (claim("nosuchclaim", "x"), "30005"), (claim("active", "perhaps"), "34002"),
    (claim("created", "now"), "30005"), (xml("profileName", "other"), "There is no profile other"),
  ])
  func whatCannotBeDoneWholeIsNotDone(_ more: String, _ code: String) async throws {
    try await withServer { server async throws in
      let soap = SOAPClient(server: server)
      #expect(try await soap.call("addRole", xml("roleName", "staff")).status == 202)
      let refused = try await soap.addUser("carol", xml("roleList", "staff") + more)
      #expect(refused.status == 500)
      #expect(refused.faultText.hasPrefix(code), "\(refused.faultText)")
      #expect(try await soap.call("isExistingUser", xml("userName", "carol")).returned == ["false"])
      #expect(try await soap.call("getUserListOfRole", xml("roleName", "staff")).returned == [])
    }
  }

  @Test func takenAndEmptyNamesAreRefusedByTheirNumbers() async throws {
    try await withServer { server async throws in
      let soap = SOAPClient(server: server)
      #expect(try await soap.addUser("carol").status == 202)
      #expect(try await soap.addUser("primary/CAROL").faultText.hasPrefix("30004 - "))
      #expect(try await soap.addUser(" ").faultText.hasPrefix("31301 - "))
      #expect(try await soap.call("addUser", xml("userName", "dora")).faultText.hasPrefix("30003 - "))
      #expect(try await soap.call("addRole", xml("roleName", "staff")).status == 202)
      #expect(try await soap.call("addRole", xml("roleName", "PRIMARY/staff")).faultText.hasPrefix("30012 - "))
      #expect(try await soap.call("addRole", xml("roleName", "Internal/")).faultText.hasPrefix("30011 - "))
    }
  }

  @Test func credentialsAreCheckedAndChanged() async throws {
    try await withServer { server async throws in
      let soap = SOAPClient(server: server)
      #expect(try await soap.addUser("carol").status == 202)
      let name = xml("userName", "carol")
      #expect(try await soap.call("authenticate", name + xml("credential", "pass123")).returned == ["true"])
      #expect(try await soap.call("authenticate", name + xml("credential", "wrong")).returned == ["false"])
      let change = name + xml("newCredential", "pass456")
      #expect(
        try await soap.call("updateCredential", change + xml("oldCredential", "wrong")).faultText.hasPrefix("30006 - "))
      #expect(try await soap.call("updateCredential", change + xml("oldCredential", "pass123")).status == 202)
      #expect(try await soap.call("authenticate", name + xml("credential", "pass456")).returned == ["true"])
      #expect(
        try await soap.call("updateCredentialByAdmin", name + xml("newCredential", "pass789")).status == 202)
      #expect(try await soap.call("authenticate", name + xml("credential", "pass789")).returned == ["true"])
      #expect(try await soap.call("getPasswordExpirationTime", xml("username", "carol")).returned == ["-1"])
      #expect(
        try await soap.call(
          "setUserClaimValue",
          name + xml("claimURI", "http://wso2.org/claims/active")
            + xml("claimValue", "false")
        ).status == 202)
      #expect(try await soap.call("authenticate", name + xml("credential", "pass789")).returned == ["false"])
    }
  }

  @Test func guessingThroughAuthenticateIsThrottled() async throws {
    try await withServer { server async throws in
      let soap = SOAPClient(server: server)
      #expect(try await soap.addUser("carol").status == 202)
      var answer = try await soap.call("authenticate", xml("userName", "carol") + xml("credential", "guess 0"))
      for guess in 1...9 where answer.status == 200 {
        answer = try await soap.call("authenticate", xml("userName", "carol") + xml("credential", "guess \(guess)"))
      }
      #expect(answer.status == 429)
      #expect(answer.http.header("Retry-After") != nil)
      #expect(answer.fault != nil)
    }
  }

  private static let claims: [(String, String)] = [
    ("givenname", "Carol"), ("lastname", "C"), ("fullname", "Carol C"), ("displayName", "Ca & <Ro>"), ("mobile", "+1"),
    ("telephone", "+2"), ("country", "LK"), ("organization", "Org"), ("department", "Dep"), ("title", "Dr"),
    ("locale", "en-GB"), ("timeZone", "Asia/Colombo"), ("url", "https://x.org/a,b"), ("nickname", "caz"),
    ("active", "false"), ("identity/accountLocked", "true"), ("streetaddress", "Main St 1, 2nd floor"),
    ("emails.home", "h@x.org"), ("externalid", "E-1"),
  ]

  @Test func claimsAreSetReadFoundAndDeleted() async throws {
    try await withServer { server async throws in
      let soap = SOAPClient(server: server)
      #expect(try await soap.addUser("carol").status == 202)
      for (name, value) in Self.claims {
        let uri = xml("claimURI", "http://wso2.org/claims/\(name)")
        let set = try await soap.call(
          "setUserClaimValue", xml("userName", "carol") + uri + xml("claimValue", value) + xml("profileName", ""))
        #expect(set.status == 202, "\(set.faultText)")
        #expect(try await soap.claimValue(name, of: "carol") == value)
        let found = try await soap.call(
          "getUserList", xml("claimUri", "http://wso2.org/claims/\(name)") + xml("claimValue", value))
        #expect(found.returned.contains("carol"), "\(name)")
        #expect(try await soap.call("deleteUserClaimValue", xml("userName", "carol") + uri).status == 202)
        #expect(try await soap.claimValue(name, of: "carol") == nil, "\(name)")
      }
    }
  }

  @Test func claimsAreAddedBesideWhatIsThere() async throws {
    try await withServer { server async throws in
      let soap = SOAPClient(server: server)
      let body: JSONObject = [
        "userName": "ann",
        "emails": [
          ["value": "home@x.org", "type": "home"], ["value": "work@x.org", "type": "work", "primary": true],
        ],
      ]
      #expect(try await server.send(.POST, "/Users", .object(body)).status == 201)
      #expect(try await soap.claimValue("emailaddress", of: "ann") == "work@x.org")
      let add = xml("userName", "ann") + claim("emailaddress", "second@x.org") + claim("mobile", "1")
      for _ in 1...2 { #expect(try await soap.call("addUserClaimValues", add).status == 202) }
      #expect(try await soap.claimValue("emailaddress", of: "ann") == "work@x.org,second@x.org")
      #expect(try await soap.claimValue("emails.home", of: "ann") == "home@x.org")
      let set = xml("userName", "ann") + claim("emailaddress", "only@x.org") + claim("title", "Dr")
      #expect(try await soap.call("setUserClaimValues", set).status == 202)
      let user = try await server.send(.GET, "/Users?filter=userName%20eq%20%22ann%22").resources.first
      #expect(
        user?["emails"] == [
          ["value": "home@x.org", "type": "home"], ["value": "only@x.org", "type": "work", "primary": true],
        ])
      let gone =
        xml("userName", "ann") + xml("claims", "http://wso2.org/claims/title")
        + xml("claims", "http://wso2.org/claims/mobile")
      #expect(try await soap.call("deleteUserClaimValues", gone).status == 202)
      #expect(try await soap.claimValue("mobile", of: "ann") == nil)
    }
  }

  @Test func claimsAreDescribed() async throws {
    try await withServer { server async throws in
      let soap = SOAPClient(server: server)
      #expect(try await soap.addUser("carol", claim("givenname", "Carol")).status == 202)
      let described = try await soap.call("getUserClaimValues", xml("userName", "carol")).content?.children ?? []
      let name = described.first { $0["claimUri"]?.text == "http://wso2.org/claims/givenname" }
      #expect(name?["value"]?.text == "Carol")
      #expect(name?["dialectURI"]?.text == "http://wso2.org/claims")
      #expect(name?.namespace == SOAPNamespace.service.rawValue)
      #expect(name?["value"]?.namespace == SOAPNamespace.dto.rawValue)
      let asked = ["givenname", "lastname", "nosuchclaim", "role"].map {
        xml("claims", "http://wso2.org/claims/\($0)")
      }
      let values = try await soap.call("getUserClaimValuesForClaims", xml("userName", "carol") + asked.joined())
      #expect(values.content?.children.compactMap { $0["value"]?.text } == ["Carol", "Internal/everyone"])
    }
  }

  private static let patterns: [(String, [String])] = [
    ("*", ["admin", "alan", "alice", "SECONDARY/alfred"]), ("al*", ["alan", "alice", "SECONDARY/alfred"]),
    ("AL*E", ["alice"]), ("*ali*", ["alice"]), ("alice", ["alice"]), ("SECONDARY/*", ["SECONDARY/alfred"]),
    ("PRIMARY/a*n", ["admin", "alan"]), ("a*a*n", ["alan"]), ("nobody*", []), ("", []),
  ]

  @Test func usersAreListedByPattern() async throws {
    try await withServer { server async throws in
      let soap = SOAPClient(server: server)
      for name in ["alan", "alice", "SECONDARY/alfred"] { #expect(try await soap.addUser(name).status == 202) }
      for (filter, expected) in Self.patterns {
        let list = { limit in
          try await soap.call("listUsers", xml("filter", filter) + xml("maxItemLimit", limit)).returned.compactMap(
            \.self)
        }
        #expect(try await list("-1") == expected, "\(filter)")
        #expect(try await list("1") == Array(expected.prefix(1)))
        #expect(try await list("0") == [])
      }
    }
  }
}
