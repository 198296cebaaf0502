import JSON
import LocalDirectory
import SCIM
import SeededRandom
import Testing

@testable import IdentityServer

/// Forms made from schemas: what they show they take back, and they change nothing else.
struct ConsoleFormTests {
  private func sections(_ kind: ConsoleKind, isCreation: Bool = false) throws -> [FormSection] {
    let type = try #require(SchemaCatalog.directory.resourceType(kind.type))
    return FormBuilder(type, .directory, isCreation: isCreation).sections(kind.form)
  }

  /// A form that is sent as it stands changes nothing, whatever the resource holds.
  @Test(arguments: ConsoleKind.all)
  func anUntouchedFormChangesNothing(_ kind: ConsoleKind) throws {
    var random = SplitMix64(seed: 4711)
    let schema = try #require(
      SchemaCatalog.directory.resourceType(kind.type).flatMap { SchemaCatalog.directory.schema($0.schema) })
    let sections = try sections(kind)
    for _ in 1...300 {
      let resource = Self.values(of: schema.attributes, &random)
      let reading = FormReading(sections, sections.filled(from: resource), current: resource)
      #expect(reading.problems.isEmpty)
      #expect(reading.changes == [:], "\(JSONValue.object(resource).text)")
    }
  }

  /// What a form would make anew is what the form was filled from, as far as it asks for it.
  @Test(arguments: ConsoleKind.all)
  func whatIsFilledInIsWhatIsMade(_ kind: ConsoleKind) throws {
    var random = SplitMix64(seed: 4712)
    let schema = try #require(
      SchemaCatalog.directory.resourceType(kind.type).flatMap { SchemaCatalog.directory.schema($0.schema) })
    let sections = try sections(kind, isCreation: true)
    for _ in 1...100 {
      let resource = Self.values(of: schema.attributes, &random)
      let made = FormReading(sections, sections.filled(from: resource), current: [:]).changes
      #expect(sections.filled(from: made).fields == sections.filled(from: resource).fields)
    }
  }

  @Test func rowsKeepWhatTheyDoNotAskFor() throws {
    let sections = try sections(.users)
    let current: JSONObject = [
      "userName": "ann",
      "emails": [
        ["value": "a@b", "type": "work", "display": "first"], ["value": "a@b", "type": "home", "display": "second"],
        ["value": "c@d", "display": "third"],
      ],
    ]
    var form = sections.filled(from: current)
    for (name, value) in [
      "emails.1.value": "x@y", "emails.0.value": "", "emails.3.value": "a@b", "emails.3.type": "other",
    ] {
      form = form.setting(name, value)
    }
    let changes = FormReading(sections, form, current: current).changes
    #expect(
      changes == [
        "emails": [
          ["value": "x@y", "type": "home"], ["value": "c@d", "display": "third"],
          ["value": "a@b", "type": "other", "display": "first"],
        ]
      ])
  }

  /// Fields that a page does not send are not emptied.
  @Test(arguments: ConsoleKind.all)
  func anEmptyFormTakesNoTextAway(_ kind: ConsoleKind) throws {
    let current: JSONObject = [
      "userName": "ann", "displayName": "Ann", "title": "Dr", "permissions": ["a"], "emails": [["value": "a@b"]],
    ]
    let changes = FormReading(try sections(kind), PostedForm(), current: current).changes
    for name in current.keys { #expect(changes[name] == nil, "\(name)") }
  }

  @Test(arguments: [
    ("givenName", "Given name"), ("redirectURIs", "Redirect URIs"), ("externalId", "External ID"), ("pkce", "PKCE"),
    ("EnterpriseUser", "Enterprise user"), ("locale", "Locale"), ("", ""),
  ])
  func attributesAreCalledAsPeopleCallThem(_ name: String, _ label: String) {
    #expect(AttributeLabel.text(name) == label)
  }

  @Test(arguments: [
    ("givenName", "given name"), ("openidconnect", "OpenID Connect"), ("userId", "user ID"), ("pkce", "PKCE"),
  ])
  func namesStayNamesWithinAText(_ name: String, _ label: String) {
    #expect(AttributeLabel.within(name) == label)
  }

  @Test(arguments: [
    ("/console", "overview"), ("/console/", "overview"), ("/console/users/a%2Fb", "a/b"), ("/console/users/new", "new"),
    ("/console/users/%ff", nil), ("/console/users/x/", "x"), ("/console/users/x/view", nil), ("/console/x", nil),
    ("/console/endpoints", "list"), ("/console/endpoints/a%2Fb/plan", "a/b"), ("/console/endpoints/a/delete", nil),
    ("/console/endpoints/a/drift/1f2e", "a"), ("/console/endpoints/a/plan/1f2e", nil),
    ("/console/users/x/edit/more", nil), ("/console/roles/x/active", nil), ("/console/audit/x", nil),
  ])
  func pathsLeadToPages(_ path: String, _ expected: String?) {
    let found: String? =
      switch ConsoleRoute(path: path) {
      case nil: nil
      case .overview: "overview"
      case .resource(_, let id, _), .endpoint(let id, _), .finding(let id, _): id
      case .new: "new"
      case .list, .provisioning, .liveProvisioning, .audit, .auditExport, .endpoints, .liveEndpoints: "list"
      }
    #expect(found == expected)
  }

  // MARK: Resources

  private static let words = ["a", "é<\"&'>", "x y", "o\u{0301}", "/path/to", "日本"]

  private static func values(of attributes: [Attribute], _ random: inout SplitMix64) -> JSONObject {
    var object = JSONObject()
    for attribute in attributes where attribute.mutability != .readOnly && attribute.mutability != .writeOnly {
      guard attribute.isRequired || Bool.random(using: &random), attribute.name != "$ref" else { continue }
      guard attribute.isMultiValued else {
        object[attribute.name] = value(of: attribute, &random)
        continue
      }
      let elements = (0..<Int.random(in: 1...3, using: &random)).compactMap { _ in value(of: attribute, &random) }
      if !elements.isEmpty { object[attribute.name] = .array(elements) }
    }
    return object
  }

  /// nil for an object that would be empty, or say nothing that can be read.
  private static func value(of attribute: Attribute, _ random: inout SplitMix64) -> JSONValue? {
    switch attribute.type {
    case .boolean: return .bool(Bool.random(using: &random))
    case .complex:
      var parts = values(of: attribute.subAttributes, &random)
      if attribute.isMultiValued, attribute.subAttribute("value")?.type == .string { parts["value"] = word(&random) }
      if attribute.isMultiValued, attribute.subAttribute("clientId") != nil { parts["clientId"] = word(&random) }
      return parts.isEmpty ? JSONValue?.none : .object(parts)
    case .integer, .decimal: return 7
    case .dateTime: return "2026-01-05T08:00:00Z"
    case .string, .reference, .binary:
      // What is not served is not offered.
      let words = attribute.canonicalValues.filter { attribute.name != "grantTypes" || $0 != "password" }
      return words.randomElement(using: &random).map(JSONValue.string) ?? word(&random)
    }
  }

  private static func word(_ random: inout SplitMix64) -> JSONValue {
    .string(words.randomElement(using: &random) ?? "a")
  }
}
