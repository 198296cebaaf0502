import JSON
import SCIM
import Testing

@Suite struct FilterParsingTests {
  /// RFC 7644 figure 2.
  @Test(arguments: [
    "userName eq \"bjensen\"", "name.familyName co \"O'Malley\"", "userName sw \"J\"",
    "urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"J\"", "title pr",
    "meta.lastModified gt \"2011-05-13T04:42:34Z\"",
    "title pr and userType eq \"Employee\"", "title pr or userType eq \"Intern\"",
    "schemas eq \"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\"",
    "userType eq \"Employee\" and (emails co \"example.com\" or emails.value co \"example.org\")",
    "userType ne \"Employee\" and not (emails co \"example.com\" or emails.value co \"example.org\")",
    "userType eq \"Employee\" and (emails.type eq \"work\")",
    "userType eq \"Employee\" and emails[type eq \"work\" and value co \"@example.com\"]",
    "emails[type eq \"work\" and value co \"@example.com\"] or ims[type eq \"xmpp\" and value co \"@foo.com\"]",
    "emails[type eq \"work\"].value eq \"a@example.com\"", "emails[type eq \"work\"] pr",
    "a eq -1.5e3 and b eq true or c ne null",
    "not pr and not (not eq 1)", "title eq \"a \\\"b\\\" and (c)\\u00e9\"",
  ])
  func readsAndPrints(_ text: String) throws {
    let filter = try Filter(parsing: text)
    #expect(try Filter(parsing: filter.description) == filter)
  }

  @Test func takesNoRunsOfMarks() throws {
    let marks = String(repeating: "\u{301}", count: 64)
    #expect(
      try Filter(parsing: "title eq \"a\(marks)\"") == .compare(AttributePath("title"), .equal, .string("a\(marks)")))
    let error = #expect(throws: SCIMError.self) { try Filter(parsing: "title eq \"a\(marks)\u{316}\"") }
    #expect(error?.kind == .invalidFilter)
  }

  private let a = Filter.present(AttributePath("a"))
  private let b = Filter.present(AttributePath("b"))
  private let c = Filter.present(AttributePath("c"))

  @Test func bindsNotBeforeAndBeforeOr() throws {
    #expect(try Filter(parsing: "a pr or b pr and c pr") == .or(a, .and(b, c)))
    #expect(try Filter(parsing: "(a pr or b pr) and c pr") == .and(.or(a, b), c))
    #expect(try Filter(parsing: "not (a pr) and b pr") == .and(.not(a), b))
    #expect(try Filter(parsing: "a pr and b pr and c pr") == .and(.and(a, b), c))
    #expect(try Filter(parsing: "a pr and (b pr and c pr)") == .and(a, .and(b, c)))
  }

  @Test func ignoresTheCaseOfOperatorsAndExtraSpaces() throws {
    #expect(try Filter(parsing: "  a PR  And  NOT( b Pr )oR c pr ") == .or(.and(a, .not(b)), c))
    #expect(try Filter(parsing: "a Eq True") == .compare(AttributePath("a"), .equal, true))
  }

  @Test func printsNoMoreParenthesesThanNeeded() {
    #expect(Filter.or(.or(a, b), .and(.and(a, b), c)).description == "a pr or b pr or a pr and b pr and c pr")
    #expect(Filter.and(.or(a, b), .and(b, c)).description == "(a pr or b pr) and (b pr and c pr)")
    #expect(Filter.or(a, .or(b, .not(c))).description == "a pr or (b pr or not (c pr))")
  }

  /// The faults, each with the column that it must be reported at.
  @Test(arguments: [
    ("", 1), ("   ", 4), ("userName", 9), ("userName eq", 12), ("userName eq bjensen", 13),
    ("userName is \"x\"", 10),
    ("userName eq \"x", 15), ("userName eq \"\\q\"", 15), ("a pr and", 9), ("a pr b pr", 6), ("(a pr", 6),
    ("a pr)", 5),
    ("not a pr", 5), ("a[b pr", 7), ("a[b[c pr]]", 4), ("é eq 1", 1), ("title eq \"é\" x", 14), ("a eq 01", 6),
    ("a eq [1]", 6),
    ("a gt true", 3), ("a lt null", 3), ("a co 5", 3), ("a sw false", 3), ("a eq \"\\ud800\"", 7),
    ("a.b.c pr", 1), ("a pr or or", 11),
  ])
  func refuses(_ text: String, _ column: Int) {
    let error = #expect(throws: SCIMError.self) { try Filter(parsing: text) }
    #expect(error?.status == 400)
    #expect(error?.kind == .invalidFilter)
    #expect(error?.detail.hasPrefix("column \(column): ") == true, "\(text): \(error?.detail ?? "")")
  }

  @Test func keepsToItsLimits() throws {
    let nested = String(repeating: "(", count: 32) + "a pr" + String(repeating: ")", count: 32)
    #expect(try Filter(parsing: nested) == a)
    #expect(throws: SCIMError.self) { try Filter(parsing: "(\(nested))") }
    #expect(throws: SCIMError.self) { try Filter(parsing: "a eq \"\(String(repeating: "x", count: 20_000))\"") }
    let long = Array(repeating: "a pr", count: 1800).joined(separator: " or ")
    let filter = try Filter(parsing: long)
    #expect(filter.description == long)
    #expect(filter.matches(["a": 1], type: nil, catalog: .forFilterTests))
  }
}

@Suite struct FilterEvaluationTests {
  private let user: JSONObject = [
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "Ab1", "userName": "BJensen", "title": "",
    "active": true,
    "age": 30, "externalCode": "Xy", "hiredAt": "2026-01-05T08:00:00Z", "nickName": .null, "unknown": "Some Text",
    "name": ["givenName": "Bärbel", "familyName": "Jensen"],
    "emails": [
      ["value": "bj@example.com", "type": "work", "primary": true], ["value": "babs@home.org", "type": "home"],
    ],
    "photos": [], "x509Certificates": [["value": "MIIB"]], "tags": ["red", "blue"],
    "meta": ["created": "2026-01-05T09:00:00+01:00", "version": "W/\"1\""],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": [
      "employeeNumber": "E7a", "department": "Sales", "manager": ["value": "m1"],
    ],
  ]

  private func matches(_ text: String) throws -> Bool {
    let catalog = SchemaCatalog.forFilterTests
    let type = try #require(catalog.resourceType("User"))
    return try FilterPredicate(Filter(parsing: text), type: type, catalog: catalog).matches(user)
  }

  private static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

  @Test(arguments: [
    // Case, by the schema
    "userName eq \"bjensen\"", "USERNAME sw \"bj\"", "unknown co \"some t\"", "name.givenName ew \"RBEL\"",
    "externalCode eq \"Xy\"",
    "id eq \"Ab1\"", "userName gt \"AAA\"", "userName le \"bjensen\"", "name.givenName co \"ä\"",
    "userName co \"\"",
    // Multi-valued attributes: any value will do
    "emails eq \"BJ@example.com\"", "emails.value ew \"home.org\"", "emails.type ne \"work\"",
    "tags eq \"BLUE\"", "tags ne \"red\"",
    "emails[type eq \"work\" and value co \"example\"]", "emails[type eq \"work\"].value sw \"bj\"",
    "emails[primary eq true]", "emails[type eq \"home\" and primary eq false]", "emails.primary eq false",
    "emails.primary ne true", "emails[type eq \"home\" and primary eq null]",
    "not (emails[type eq \"home\" and value co \"example\"])", "emails[not (primary pr)]", "tags[value eq \"red\"]",
    "schemas eq \"urn:ietf:params:scim:schemas:core:2.0:User\"", "emails[type eq \"work\"] pr",
    // Instants and numbers
    "hiredAt eq \"2026-01-05T09:00:00.000+01:00\"", "hiredAt lt \"2026-01-05T08:00:00.001Z\"",
    "meta.created ge \"2026-01-05T08:00:00Z\"",
    "hiredAt co \"2026-01\"", "age eq 3e1", "age gt 29.5", "age le 30", "age ne \"30\"",
    // Presence
    "userName pr", "emails pr", "name pr", "active pr", "not (title pr)", "not (photos pr)",
    "not (nickName pr)", "not (absent pr)",
    // Null and absent
    "absent eq null", "nickName eq null", "userName ne null", "absent ne \"x\"", "not (absent eq \"x\")",
    "photos ne \"x\"",
    // Booleans
    "active eq true", "active ne false", "active eq \"True\"",
    // Schemas
    "urn:ietf:params:scim:schemas:core:2.0:User:userName eq \"bjensen\"", "\(enterprise):department eq \"SALES\"",
    "\(enterprise):employeeNumber eq \"E7a\"", "\(enterprise):manager eq \"M1\"", "\(enterprise) pr",
    "x509Certificates eq \"MIIB\"",
  ])
  func matchesTheUser(_ text: String) throws {
    #expect(try matches(text))
  }

  @Test(arguments: [
    "userName eq \"bjense\"", "externalCode eq \"xy\"", "externalCode co \"X Y\"", "id eq \"ab1\"",
    "userName ne \"bjensen\"",
    "emails[type eq \"home\" and value co \"example\"]", "emails[type eq \"home\"].value sw \"bj\"",
    "tags eq \"green\"", "emails[type eq \"work\" and primary eq false]", "photos.primary eq false",
    "emails[type eq \"home\" and primary pr]", "unknown.primary eq false",
    "hiredAt ne \"2026-01-05T09:00:00+01:00\"", "meta.created gt \"2026-01-05T08:00:00Z\"", "age eq \"30\"",
    "age gt 30", "age sw \"3\"",
    "active eq false", "active eq 1", "absent eq \"x\"", "absent gt \"a\"", "department eq \"Sales\"",
    "\(enterprise):employeeNumber eq \"e7a\"", "urn:example:2.0:User:userName pr", "userName eq null",
    "name eq \"Jensen\"",
  ])
  func doesNotMatchTheUser(_ text: String) throws {
    #expect(try !matches(text))
  }

  @Test(arguments: [
    "active gt \"true\"", "emails[primary lt \"x\"]", "x509Certificates gt \"A\"",
    "x509Certificates.value le \"A\"",
    "hiredAt gt \"yesterday\"", "meta.created eq \"2026-02-30T00:00:00Z\"",
  ])
  func refusesWhatCannotBeCompared(_ text: String) throws {
    let error = #expect(throws: SCIMError.self) { try matches(text) }
    #expect(error?.status == 400 && error?.kind == .invalidFilter)
    let catalog = SchemaCatalog.forFilterTests
    #expect(try !Filter(parsing: text).matches(user, type: catalog.resourceType("User"), catalog: catalog))
  }

  @Test func worksWithoutAResourceType() throws {
    let created = "meta.created eq \"2026-01-05T08:00:00Z\""
    let filter = try Filter(parsing: "userName eq \"bjensen\" and \(created) and \(Self.enterprise):department pr")
    #expect(filter.matches(user, type: nil, catalog: SchemaCatalog(resourceTypes: [], schemas: [])))
  }
}

@Suite struct DateTimeTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0, 0), ("2000-03-01T00:00:00Z", 951_868_800, 0),
    ("2026-01-05T08:00:00", 1_767_600_000, 0),
    ("1969-12-31t23:59:59.25z", -1, 250_000_000),
    ("2026-01-05T09:30:00.123456789123+01:30", 1_767_600_000, 123_456_789),
    ("0000-03-01T00:00:00-00:30", -62_162_033_400, 0), ("2024-02-29T00:00:00Z", 1_709_164_800, 0),
  ])
  func readsInstants(_ text: String, _ seconds: Int, _ nanoseconds: Int) throws {
    let instant = try #require(DateTime(text))
    #expect(instant.seconds == seconds)
    #expect(instant.nanoseconds == nanoseconds)
  }

  @Test(arguments: [
    "", "2026", "2026-01-05", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-01-00T00:00:00Z",
    "2026-01-05T24:00:00Z",
    "2026-01-05T08:60:00Z", "2026-01-05T08:00:00.Z", "2026-01-05T08:00:00+1:00", "2026-01-05 08:00:00Z",
    "2026-01-05T08:00:00Zx",
  ])
  func refuses(_ text: String) {
    #expect(DateTime(text) == nil)
  }
}
