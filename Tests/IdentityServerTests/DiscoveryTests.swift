import JSON
import NIOHTTP1
import SCIM
import Testing

/// What the service says of itself (RFC 7644 section 4).
struct DiscoveryTests {
  @Test func theServiceProviderConfigTellsTheTruth() async throws {
    try await withServer { server in
      let config = try await server.send(.GET, "/ServiceProviderConfig")
      #expect(config.status == 200)
      #expect(config.json["patch"]?["supported"] == true)
      #expect(config.json["bulk"] == ["supported": true, "maxOperations": 1000, "maxPayloadSize": 1_048_576])
      #expect(
        config.json["pagination"] == [
          "cursor": true, "index": true, "defaultPaginationMethod": "index", "defaultPageSize": 100,
          "maxPageSize": 1000,
        ])
      #expect(config.json["filter"]?["supported"] == true)
      #expect(config.json["filter"]?["maxResults"] == 1000)
      #expect(config.json["sort"]?["supported"] == true)
      #expect(config.json["etag"]?["supported"] == true)
      #expect(config.json["changePassword"]?["supported"] == true)
      #expect(
        config.json["authenticationSchemes"]?.array?.compactMap { $0["type"]?.string } == [
          "httpbasic", "oauthbearertoken",
        ])
      #expect(config.json["meta"]?["location"] == .string("\(server.base)/ServiceProviderConfig"))
    }
  }

  /// RFC 7643 section 5: how to authenticate is told to whoever has not yet.
  @Test func theServiceProviderConfigNeedsNoCredential() async throws {
    try await withServer { server in
      let config = try await server.send(.GET, "/ServiceProviderConfig", as: nil)
      #expect(config.status == 200)
      #expect(config.json["authenticationSchemes"]?.array?.isEmpty == false)
      #expect(try await server.send(.GET, "/ServiceProviderConfig", as: "admin:wrong").status == 401)
      #expect(try await server.send(.GET, "/Schemas", as: nil).status == 401)
    }
  }

  /// What the names of groups and roles are kept to.
  @Test func theSchemasTellWhichNamesAreUnique() async throws {
    try await withServer { server in
      let schemas = try await server.send(.GET, "/Schemas").resources
      let unique = schemas.flatMap { schema in
        (schema["attributes"]?.array ?? []).filter { $0["uniqueness"] == "server" }
          .compactMap { attribute in attribute["name"]?.string.map { "\(schema["name"]?.string ?? "").\($0)" } }
      }
      #expect(
        unique.sorted() == [
          "Group.displayName", "IdentityProvider.name", "Role.displayName", "ServiceProvider.name", "User.userName",
        ])
    }
  }

  @Test func schemasAndResourceTypesAreListedAndFoundAlone() async throws {
    try await withServer { server in
      let types = try await server.send(.GET, "/ResourceTypes")
      #expect(types.json["totalResults"] == .number(JSONNumber(SchemaCatalog.standard.resourceTypes.count)))
      let schemas = try await server.send(.GET, "/Schemas")
      #expect(schemas.json["totalResults"] == .number(JSONNumber(SchemaCatalog.standard.schemas.count)))
      for listed in types.resources + schemas.resources {
        let location = try #require(listed["meta"]?["location"]?.string)
        #expect(location.hasPrefix(server.base))
        let alone = try await server.send(.GET, String(location.dropFirst(server.base.count)))
        #expect(alone.status == 200)
        #expect(alone.json == listed)
      }
      #expect(try await server.send(.GET, "/Schemas/urn:none").status == 404)
      #expect(try await server.send(.GET, "/ResourceTypes/None").status == 404)
    }
  }

  /// RFC 7643 section 2.3.8, and what a client can read again of what it wrote.
  @Test func noSchemaNestsComplexAttributesOrHidesSecretsInThem() async throws {
    try await withServer { server in
      let schemas = try await server.send(.GET, "/Schemas").resources
      let parts = schemas.flatMap { $0["attributes"]?.array ?? [] }.flatMap { $0["subAttributes"]?.array ?? [] }
      #expect(parts.count > 50)
      #expect(parts.allSatisfy { $0["type"] != "complex" && $0["mutability"] != "writeOnly" })
      let provider = try #require(schemas.first { $0["name"] == "IdentityProvider" })
      let attributes = try #require(provider["attributes"]?.array)
      let authenticators = try #require(attributes.first { $0["name"] == "authenticators" })
      #expect(
        authenticators["description"]
          == "How users sign in with it. Beside what is listed here it takes clientSecret and tls.")
    }
  }

  @Test(arguments: ["/ServiceProviderConfig", "/Schemas", "/ResourceTypes"])
  func filtersAreForbidden(_ path: String) async throws {
    try await withServer { server async throws in
      #expect(try await server.send(.GET, path + "?filter=name+pr").status == 403)
    }
  }

  @Test func healthNeedsNoCredential() async throws {
    try await withServer { server async throws in
      #expect(try await server.send(.GET, url: server.origin + "/health/live").status == 200)
      #expect(try await server.send(.GET, url: server.origin + "/health/ready").status == 200)
    }
  }
}
