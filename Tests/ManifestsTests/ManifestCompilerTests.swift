import Foundation
import JSON
import Manifests
import Reconciliation
import SCIM
import SeededRandom
import Testing

@Suite struct ManifestCompilerTests {
  private func compile(
    _ text: String, at path: String = "x", variables: [String: String] = [:]
  ) throws -> DesiredState {
    let compilation = ManifestCompiler(variables: variables).compile([
      ManifestSource(path: path, bytes: Array(text.utf8))
    ])
    try #require(compilation.isValid, "\(compilation.diagnostics)")
    return compilation.desiredState
  }

  private func time(_ text: String) -> Date? { try? Date(text, strategy: .iso8601) }

  @Test func theExamplesOfTheContract() throws {
    let state = try compile(ContractExamples.text)
    #expect(
      state.resources.map(\.key.description) == [
        "Device/door-7", "Group/aws-admins", "Group/engineering", "IdentityProvider/is2", "Role/auditor",
        "ServiceProvider/playground2", "ServiceProvider/resident", "User/rashmini", "User/u000002",
      ])
    #expect(
      state.endpoints.map(\.name) == ["google", "hr-spml", "legacy", "local", "remote", "salesforce", "wso2-prod"])
    let legacy = try #require(state.endpoints.first { $0.driver == .scim1 })
    let addresses = SCIM1Settings(
      userEndpoint: "https://localhost:9444/wso2/scim/Users", groupEndpoint: "https://localhost:9444/wso2/scim/Groups")
    #expect(legacy.settings == .scim1(addresses))
    #expect(legacy.url == nil)
  }

  @Test func everyTypeOfEndpointHasItsSettings() throws {
    let state = try compile(ContractExamples.text)
    let endpoints = Dictionary(uniqueKeysWithValues: state.endpoints.map { ($0.name, $0) })
    #expect(endpoints["wso2-prod"]?.settings == .wso2(WSO2Settings(tenant: "carbon.super")))
    #expect(
      endpoints["hr-spml"]?.settings == .spml2(SPML2Settings(target: "hr", userClass: "user", groupClass: "group")))
    #expect(endpoints["google"]?.settings == .google(GoogleSettings(domain: "corp.example", onRemoval: .suspend)))
    guard case .serviceAccount(let account)? = endpoints["google"]?.authentication else {
      Issue.record("a service account was expected")
      return
    }
    #expect(account.key == .file("secrets/google.json") && account.subject == "admin@corp.example")
    #expect(account.tokenURL == "https://oauth2.googleapis.com/token")
    guard case .salesforce(let settings)? = endpoints["salesforce"]?.settings,
      case .oauth2(let client)? = endpoints["salesforce"]?.authentication
    else {
      Issue.record("settings of Salesforce and an OAuth client were expected")
      return
    }
    #expect(settings.mode == .sobject && settings.apiVersion == "v62.0" && settings.defaults.count == 3)
    #expect(client.clientID == .environment("SF_CLIENT_ID"))
    #expect(client.grant == .jwtBearer(privateKey: .file("secrets/sf.pem"), username: "admin@corp.example"))
  }

  @Test(arguments: [
    ("-", "", "../ca.pem"), ("endpoints.yaml", "", "ca.pem"), ("conf/endpoints.yaml", "conf/", "../ca.pem"),
    ("/etc/rollcall/endpoints.yaml", "/etc/rollcall/", "tls/ca.pem"), ("conf/endpoints.yaml", "", "/etc/ca.pem"),
  ])
  func filesAreFoundFromTheFolderOfTheManifest(manifest: String, folder: String, file: String) throws {
    let text = """
      apiVersion: rollcall/v1
      kind: Endpoint
      metadata: {name: remote}
      spec:
        type: scim2
        url: https://localhost:9444/scim2
        auth: {bearer: {token: {file: \(file)}}}
        tls: {caFile: \(file)}
      """
    let endpoint = try #require(try compile(text, at: manifest).endpoints.first)
    #expect(endpoint.trust == .caFile(folder + file))
    guard case .bearer(let token, _)? = endpoint.authentication else {
      Issue.record("a token was expected")
      return
    }
    #expect(token == .file(folder + file))
  }

  @Test func aUserInFull() throws {
    let state = try compile(ContractExamples.text)
    let user = try #require(state.resources.first { $0.key == ResourceKey("User", "rashmini") })
    #expect(
      user.attributes == [
        "userName": "rashmini", "externalId": "E0000001", "name": ["givenName": "Rashmini", "familyName": "N"],
        "emails": [["value": "rash@gmail.com", "type": "home", "primary": true]], "active": true,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": [
          "department": "Platform", "manager": ["value": "bulkId:User/u000002"],
        ],
        "urn:example:params:scim:schemas:badge:2.0:User": ["badgeNumber": 4711],
      ])
    #expect(user.labels == ["team": "platform", "tier": "2"])
    #expect(user.secrets == ["password": .environment("RASHMINI_PASSWORD")])
    #expect(!user.rotatesSecrets)
    #expect(user.lifecycle.startsAt == time("2026-12-01T00:00:00Z"))
    #expect(user.lifecycle.grace == 30 * 86_400)
    #expect(user.location == SourceLocation(file: "x", line: 1))
  }

  @Test func membersInEveryForm() throws {
    let state = try compile(ContractExamples.text)
    let members = Dictionary(uniqueKeysWithValues: state.resources.map { ($0.key.description, $0.members) })
    #expect(members["Group/aws-admins"]??.references.map(\.key.name) == ["rashmini", "u000002"])
    var engineering = DesiredMembers(
      mode: .atLeast,
      references: [
        .init(ResourceKey("Group", "aws-admins")), .init(ResourceKey("User", "rashmini")),
        .init(ResourceKey("User", "u000002"), until: time("2026-12-31T00:00:00Z")),
      ])
    engineering.selector = ["team": "platform"]
    engineering.named = [ResourceKey("Group", "aws-admins"), ResourceKey("User", "u000002")]
    #expect(members["Group/engineering"] == engineering)
    #expect(members["Role/auditor"]??.references.map(\.key.description) == ["Group/engineering", "User/rashmini"])
  }

  @Test func nestedSecretsHavePaths() throws {
    let state = try compile(ContractExamples.text)
    let secrets = Dictionary(uniqueKeysWithValues: state.resources.map { ($0.key.description, $0.secrets) })
    #expect(
      secrets["IdentityProvider/is2"] == [
        "authenticators[type eq \"openidconnect\"].clientSecret": .environment("IS2_CLIENT_SECRET"),
        "provisioning.connectors[name eq \"scim\"].password": .environment("IS2_ADMIN_PASSWORD"),
      ])
    #expect(
      secrets["ServiceProvider/playground2"] == [
        "inbound.openidconnect.clientSecret": .environment("PLAYGROUND_CLIENT_SECRET")
      ])
  }

  @Test func secretsHavePlaces() throws {
    let user = """
      apiVersion: rollcall/v1
      kind: User
      metadata: {name: al}
      spec:
        userName: al
        password: {env: AL_PASSWORD}
      """
    let places = try compile(user).resources.first?.secretLocations
    #expect(places == ["password": SourceLocation(file: "x", line: 6, column: 3)])
  }

  @Test func anEndpointInFull() throws {
    let endpoints = try compile(ContractExamples.text).endpoints
    let endpoint = try #require(endpoints.first { $0.name == "remote" })
    #expect(endpoint.driver == .scim2 && endpoint.url == "https://localhost:9444/scim2")
    #expect(endpoint.trust == .caFile("certs/ca.pem"))
    #expect(endpoint.scope.kinds == ["User", "Group"] && endpoint.scope.matchLabels == ["team": "platform"])
    #expect(
      endpoint.scope.filter
        == .compare(AttributePath(schema: SchemaURN.enterpriseUser, "department"), .equal, "Platform"))
    #expect(endpoint.correlation == ["externalId", "userName"])
    #expect(endpoint.mapping.map(\.lowercased) == [true, false, false])
    #expect(endpoint.mapping.last?.source == .constant([["value": "basic"]]))
    #expect(endpoint.limits == .init(readsPerMinute: 1000, writesPerMinute: 180, concurrency: 8))
    #expect(endpoint.safety.maxDeletes == .percent(5) && endpoint.safety.minAdmins == 2)
    #expect(endpoint.safety.protect == [.compare(AttributePath("userName"), .equal, "breakglass")])
    #expect(endpoint.ignore.count == 2 && endpoint.interval == 1800)
    guard case .basic("admin", password: .environment("REMOTE_PASSWORD"))? = endpoint.authentication else {
      Issue.record("the credentials are wrong")
      return
    }
  }

  @Test func withoutAnEndpointTheEmbeddedOneIsAssumed() throws {
    #expect(try compile(user("a")).endpoints.map(\.name) == [EndpointDeclaration.embedded.name])
  }

  @Test func variablesTakeTheTypeOfTheirPlace() throws {
    let quoted = user("a", "title: \"$${x} ${T:=Dr}\", nickName: \"${NICK}\"")
    let attributes = try compile(quoted, variables: ["NICK": "ann"]).resources.first?.attributes
    #expect(attributes == ["userName": "a", "title": "${x} Dr", "nickName": "ann"])
    let block = "apiVersion: rollcall/v1\nkind: User\nmetadata: {name: a}\nspec:\n  userName: a\n  active: ${ON}\n"
    #expect(try compile(block, variables: ["ON": "false"]).resources.first?.attributes["active"] == false)
  }

  @Test func nullClearsAndTextStaysText() throws {
    let state = try compile(user("a", "title: ~, nickName: no, externalId: 007, displayName: 1e3"))
    #expect(
      state.resources.first?.attributes == [
        "userName": "a", "title": nil, "nickName": "no", "externalId": "007", "displayName": "1e3",
      ])
  }

  @Test func rolesAreAMappingSource() throws {
    let state = try compile(endpoint("mapping: [{to: roles, from: roles}]"))
    let rule = try #require(state.endpoints.first?.mapping.first)
    #expect(rule.target == AttributePath("roles") && rule.source == .roles)
  }

  @Test func whatAMappingDoesWithValues() throws {
    let state = try compile(
      endpoint(
        "mapping: [{to: title, firstOf: [nickName, enterprise.department], lookup: {a: 1}, join: \", \", lower: true, "
          + "default: none}]"))
    let rule = try #require(state.endpoints.first?.mapping.first)
    let department = AttributePath(schema: SchemaURN.enterpriseUser, "department")
    #expect(rule.source == .firstOf([AttributePath("nickName"), department]))
    #expect(rule.table == ["a": 1] && rule.separator == ", " && rule.lowercased && rule.fallback == "none")
  }

  /// A check keeps no attributes, unless a mapping has to look values up.
  @Test func checksFindValuesThatNoTableHas() async throws {
    let text =
      endpoint("mapping: [{to: userType, from: title, lookup: {Dr: doctor}}]")
      + "---\napiVersion: rollcall/v1\nkind: User\nmetadata: {name: a}\nspec: {userName: a, title: Mr}\n"
    let sources = [ManifestSource(path: "x", bytes: Array(text.utf8))]
    let validation = await ManifestCompiler().validate(sources, parallelism: 2)
    #expect(validation.diagnostics.map(\.code) == ["M079"])
    #expect(validation.diagnostics.first?.notes.first?.location?.line == 6)
  }

  @Test func neitherTheOrderOfFilesNorTheNumberOfTasksMatters() async {
    var generator = SplitMix64(seed: 11)
    let texts =
      ContractExamples.text.components(separatedBy: "---\n") + [
        user("zoe", "active: no"), group("z", "members: [nobody]"),
      ]
    var sources = texts.enumerated().map { ManifestSource(path: "\($0.offset).yaml", bytes: Array($0.element.utf8)) }
    let expected = ManifestCompiler().compile(sources)
    for parallelism in 1...8 {
      sources.shuffle(using: &generator)
      let compilation = await ManifestCompiler().compile(sources, parallelism: parallelism)
      #expect(compilation.diagnostics == expected.diagnostics)
      #expect(compilation.desiredState.resources.map(Facts.init) == expected.desiredState.resources.map(Facts.init))
      #expect(compilation.desiredState.endpoints.map(\.location) == expected.desiredState.endpoints.map(\.location))
      #expect(compilation.documents == expected.documents)
    }
  }
}

/// What a desired resource says, to be compared.
private struct Facts: Equatable {
  var key: ResourceKey
  var labels: [String: String]
  var attributes: JSONObject
  var secrets: [String: SecretReference]
  var members: DesiredMembers?
  var lifecycle: Lifecycle
  var location: Reconciliation.SourceLocation

  init(_ resource: DesiredResource) {
    key = resource.key
    labels = resource.labels
    attributes = resource.attributes
    secrets = resource.secrets
    members = resource.members
    lifecycle = resource.lifecycle
    location = resource.location
  }
}
