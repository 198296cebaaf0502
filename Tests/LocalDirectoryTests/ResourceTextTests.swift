import JSON
import SCIM
import SeededRandom
import Testing

@testable import LocalDirectory

/// A resource written as text tells what the same resource tells as a tree.
struct ResourceTextTests {
  private static let base = "https://id.example:9443/scim2"

  /// With every attribute that the schemas have, any of them at a time.
  @Test(arguments: 1...12)
  func textsTellWhatTreesDo(_ seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    let fixture = try DirectoryFixture()
    var resources: [(type: ResourceType, id: String)] = []
    for number in 1...30 {
      let type = number.isMultiple(of: 3) ? fixture.group : fixture.user
      var attributes = Self.attributes(of: type, &random)
      attributes[type.name == "User" ? "userName" : "displayName"] = .string("name \(number)\"\\é")
      if type.name == "Group" {
        attributes["members"] = DirectoryFixture.references(resources.map(\.id).shuffled(using: &random).suffix(5))
      }
      let resource = try await fixture.directory.create(type: type, attributes: attributes, by: "test")
      resources.append((type, resource.id))
    }
    for (type, id) in resources {
      let tree = Self.absolute(try await fixture.directory.resource(type: type, id: id))
      let text = try await fixture.directory.text(type: type, id: id, as: Self.form(isPlain: true))
      #expect(try JSONValue(parsing: text.text) == .object(tree.attributes))
      #expect(text.id == id && text.version == tree.version)
    }
    try await listsTellWhatTreesDo(fixture)
  }

  /// Every window of the listings.
  private func listsTellWhatTreesDo(_ fixture: DirectoryFixture) async throws {
    for types in [[fixture.user], [fixture.group], [fixture.user, fixture.role, fixture.group]] {
      let windows = [(1, 100), (1, 0), (3, 4), (18, 7), (21, 5), (31, 1)].map { ListQuery(startIndex: $0, count: $1) }
      let filters = [#"id eq "id-2""#, #"id eq "id-3" and not (title pr)"#, #"id eq "nobody" or id eq "id-1""#]
      for query in windows + (try filters.map { ListQuery(filter: try Filter(parsing: $0), count: 10) }) {
        var tree = try await fixture.directory.list(types: types, query)
        tree.resources = tree.resources.map(Self.absolute)
        let text = try await fixture.directory.text(types: types, query, as: Self.form(isPlain: true))
        #expect(try JSONValue(parsing: try #require(text)) == .object(tree.json))
      }
    }
  }

  @Test func namesAreFoundAsText() async throws {
    let fixture = try DirectoryFixture()
    let ann = try await fixture.makeUser("ann", ["title": "Dr"])
    _ = try await fixture.makeUser("bob")
    for (filter, total) in [(#"userName eq "PRIMARY/ANN""#, 1), (#"userName eq "ann" and title eq "Prof""#, 0)] {
      let query = ListQuery(filter: try Filter(parsing: filter), count: 10)
      let text = try await fixture.directory.text(types: [fixture.user], query, as: Self.form(isPlain: true))
      let body = try JSONValue(parsing: try #require(text)).object
      let list = try ListResponse(try #require(body))
      #expect(list.totalResults == total)
      #expect(list.resources == Array([Self.absolute(ann)].prefix(total)))
    }
  }

  @Test func listsThatLookIntoResourcesAreLeftToTrees() async throws {
    let fixture = try DirectoryFixture()
    _ = try await fixture.makeUser("ann")
    let queries = [
      ListQuery(filter: .present(AttributePath("userName"))), ListQuery(domain: "PRIMARY"),
      ListQuery(filter: .compare(AttributePath("displayName"), .equal, "Ann")),
      ListQuery(sortBy: AttributePath("userName")), ListQuery(attributes: [AttributePath("userName")]),
    ]
    for query in queries {
      #expect(try await fixture.directory.text(types: [fixture.user], query, as: Self.form(isPlain: true)) == nil)
    }
    let other = try await fixture.directory.text(types: [fixture.user], ListQuery(), as: Self.form(isPlain: false))
    #expect(other == nil)
  }

  /// What is short must be told from what only happens to be right.
  @Test func onlyWhatHasToBeLookedIntoIsTakenApart() async throws {
    let fixture = try DirectoryFixture()
    let plain = try await fixture.makeUser("ann", ["displayName": "a\"{},[]$", "emails": [["value": "a@b.c"]]])
    let manager: JSONObject = [SchemaURN.enterpriseUser: ["manager": ["value": "x", "$ref": "/Users/x"]]]
    let managed = try await fixture.makeUser("bob", manager)
    #expect(try await isWrittenAsItStands(plain, fixture))
    #expect(try await !isWrittenAsItStands(managed, fixture))
    let text = try await fixture.directory.text(type: fixture.user, id: managed.id, as: Self.form(isPlain: true))
    let reference = try JSONValue(parsing: text.text)[SchemaURN.enterpriseUser]?["manager"]?["$ref"]
    #expect(reference == .string(Self.base + "/Users/x"))
  }

  @Test func projectionsAndOtherFormsAreTakenApart() async throws {
    let fixture = try DirectoryFixture()
    let ann = try await fixture.makeUser("ann", ["title": "Dr"])
    let narrow = Projection(attributes: [AttributePath("title")])
    let text = try await fixture.directory.text(
      type: fixture.user, id: ann.id, projection: narrow, as: Self.form(isPlain: true))
    #expect(try JSONValue(parsing: text.text).object?.keys.sorted() == ["id", "schemas", "title"])
    #expect(text.version == nil)
    let form = ResourceForm(base: Self.base, isPlain: false) { resource in
      var resource = resource
      resource["title"] = "rendered"
      return resource
    }
    let rendered = try await fixture.directory.text(type: fixture.user, id: ann.id, as: form)
    #expect(try JSONValue(parsing: rendered.text)["title"] == "rendered")
  }

  @Test func whatIsNotThereIsNotFound() async throws {
    let fixture = try DirectoryFixture()
    let ann = try await fixture.makeUser("ann")
    for (type, id) in [(fixture.user, "nobody"), (fixture.group, ann.id)] {
      let error = await #expect(throws: SCIMError.self) {
        try await fixture.directory.text(type: type, id: id, as: Self.form(isPlain: true))
      }
      #expect(error?.status == 404)
    }
  }

  private func isWrittenAsItStands(_ user: Resource, _ fixture: DirectoryFixture) async throws -> Bool {
    try await fixture.store.read { [rules = fixture.directory.rules] reader in
      let stored = try #require(try reader.text("User", user.id))
      return try ResourceAssembler(reader, rules: rules).text(stored, try #require(rules["User"])) != nil
    }
  }

  private static func form(isPlain: Bool) -> ResourceForm {
    ResourceForm(base: base, isPlain: isPlain, rendered: absolute)
  }

  /// As the services make references absolute.
  @Sendable private static func absolute(_ resource: Resource) -> Resource {
    Resource(absolute(.object(resource.attributes), under: "").object ?? [:])
  }

  private static func absolute(_ value: JSONValue, under key: String) -> JSONValue {
    switch value {
    case .string(let text) where text.hasPrefix("/") && ["$ref", "location"].contains(key): .string(base + text)
    case .array(let values): .array(values.map { absolute($0, under: key) })
    case .object(let object): .object(JSONObject(object.members.map { ($0.key, absolute($0.value, under: $0.key)) }))
    default: value
    }
  }

  /// Some attributes of the type and its extensions, at random.
  private static func attributes(of type: ResourceType, _ random: inout SplitMix64) -> JSONObject {
    let catalog = SchemaCatalog.directory
    var attributes = some(catalog.schema(type.schema)?.attributes ?? [], &random)
    for schema in type.extensions.compactMap({ catalog.schema($0.schema) }) where Bool.random(using: &random) {
      attributes[schema.id] = .object(some(schema.attributes, &random))
    }
    return attributes
  }

  private static func some(_ attributes: [Attribute], _ random: inout SplitMix64) -> JSONObject {
    let writable = attributes.filter { ![.readOnly, .writeOnly].contains($0.mutability) && $0.name != "members" }
    return JSONObject(
      writable.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }.map { ($0.name, value(of: $0, &random)) })
  }

  private static func value(of attribute: Attribute, _ random: inout SplitMix64) -> JSONValue {
    let value: JSONValue =
      switch attribute.type {
      case .complex: .object(some(attribute.subAttributes, &random))
      case .boolean: .bool(.random(using: &random))
      case .integer: .number(JSONNumber(Int.random(in: 0...9, using: &random)))
      case .reference: .string(["/Users/1", "https://a.example/x"].randomElement(using: &random) ?? "")
      case .dateTime: "2026-11-26T08:00:00Z"
      case .binary: "AAEC"
      case .decimal: .number(JSONNumber(validLiteral: "1.5"))
      default: .string(["a", "\"}", "$ref", "/x\\", "ünï", ""].randomElement(using: &random) ?? "")
      }
    return attribute.isMultiValued ? [value] : value
  }
}
