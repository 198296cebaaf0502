import Foundation
import JSON
import SCIM

/// Makes resources as clients see them out of what the store keeps, within one transaction.
struct ResourceAssembler {
  private let reader: any DirectoryReader
  private let rules: [String: ResourceRules]
  private let graph: MembershipGraph
  /// What references begin with.
  private let base: String

  init(_ reader: any DirectoryReader, rules: [String: ResourceRules], base: String = "") {
    self.reader = reader
    self.rules = rules
    self.base = base
    graph = MembershipGraph(reader)
  }

  /// The resources of a page with the attributes that the projection returns.
  func resources(_ page: [StoredResource], _ projection: Projection, _ rules: ResourceRules) throws -> [Resource] {
    if rules.computed.contains(where: { projection.includes($0.attribute) }) { try graph.prepare(page.map(\.id)) }
    return try page.map { try resource($0, projection, rules) }
  }

  /// The resource with the attributes that the projection returns.
  func resource(_ stored: StoredResource, _ projection: Projection, _ rules: ResourceRules) throws -> Resource {
    let whole = try document(stored, rules) { projection.includes($0) }
    if projection == .standard, rules.returnedByDefault.covers(whole) { return Resource(whole) }
    return Resource(projection.applied(to: whole, of: rules.type, catalog: rules.catalog))
  }

  /// The resources of a page as JSON text, each as its clients read it.
  func texts(_ page: [StoredText], _ rules: ResourceRules, as form: ResourceForm) throws -> [[UInt8]] {
    if !rules.computed.isEmpty { try graph.prepare(page.map(\.head.id)) }
    return try page.map { stored in
      if let text = try text(stored, rules) { return text }
      let plain = ResourceAssembler(reader, rules: self.rules)
      return form.rendered(try plain.resource(try stored.parsed(), .standard, rules)).attributes.serialized()
    }
  }

  /// The standard projection of a resource as JSON text; nil when its attributes have to be looked into for that.
  func text(_ stored: StoredText, _ rules: ResourceRules) throws -> [UInt8]? {
    let returned = rules.returnedByDefault
    guard !stored.mayHoldReferences,
      stored.attributes.allSatisfy({ returned.covers($0.name, isEmpty: $0.isEmptyObject) })
    else { return nil }
    let memberships = try memberships(of: stored.head, rules) { _ in true }
    guard returned.covers(JSONObject(uniqueMembers: memberships)) else { return nil }

    var writer = JSONObjectWriter(capacity: stored.attributes.reduce(1024) { $0 + $1.value.count })
    writer.append("schemas", strings: rules.schemas { schema in stored.attributes.contains { $0.name == schema } })
    writer.append("id", stored.head.id)
    for attribute in stored.attributes where attribute.name != "schemas" {
      writer.append(attribute.name, text: attribute.value)
    }
    for member in memberships { writer.append(member.key, member.value) }
    writer.append("meta", members: meta(of: stored.head, rules))
    return writer.finished()
  }

  /// All attributes of the resource; of the membership attributes only the wanted ones, for they cost a query each.
  func document(_ stored: StoredResource, _ rules: ResourceRules, wants: (String) -> Bool) throws -> JSONObject {
    var members: [JSONObject.Member] = []
    members.reserveCapacity(stored.attributes.count + 6)
    members.append(rules.schemas(of: stored.attributes))
    members.append(.init(key: "id", value: .string(stored.id)))
    members += stored.attributes.members.filter { $0.key != "schemas" }
    members += try memberships(of: stored.head, rules, wants: wants)
    let meta = meta(of: stored.head, rules).map { JSONObject.Member(key: $0.key, value: .string($0.text)) }
    members.append(.init(key: "meta", value: .object(JSONObject(uniqueMembers: meta))))
    return JSONObject(uniqueMembers: members)
  }

  /// The members of the resource, and where it is a member: they are not kept with it.
  private func memberships(
    of head: ResourceHead, _ rules: ResourceRules, wants: (String) -> Bool
  ) throws -> [JSONObject.Member] {
    var members: [JSONObject.Member] = []
    for attribute in rules.memberAttributes where wants(attribute) {
      let values = try reader.members(of: head.id, in: attribute).map { reference(to: $0, type: $0.type) }
      if !values.isEmpty { members.append(.init(key: attribute, value: .array(values))) }
    }
    members += try places(of: head, rules, wants: wants)
    return members
  }

  /// The groups and roles of a user.
  private func places(
    of head: ResourceHead, _ rules: ResourceRules, wants: (String) -> Bool
  ) throws -> [JSONObject.Member] {
    let wanted = rules.computed.filter { wants($0.attribute) }
    guard !wanted.isEmpty else { return [] }
    let places = try graph.places(of: head.id)
    guard !places.isEmpty else { return [] }
    return wanted.compactMap { attribute, container in
      let values = places.filter { $0.container.type == container }
        .map { reference(to: $0.container, type: $0.isDirect ? "direct" : "indirect") }
      return values.isEmpty ? nil : JSONObject.Member(key: attribute, value: .array(values))
    }
  }

  private func reference(to summary: ResourceSummary, type: String) -> JSONValue {
    let location = rules[summary.type].map { base + $0.location(of: summary.id) } ?? summary.id
    return .object(
      JSONObject(uniqueMembers: [
        .init(key: "value", value: .string(summary.id)), .init(key: "$ref", value: .string(location)),
        .init(key: "display", value: .string(summary.label)), .init(key: "type", value: .string(type)),
      ]))
  }

  /// The members of `meta` (RFC 7643 section 3.1).
  private func meta(of head: ResourceHead, _ rules: ResourceRules) -> [(key: String, text: String)] {
    [
      ("resourceType", head.type), ("created", Timestamp.text(head.created)),
      ("lastModified", Timestamp.text(head.lastModified)), ("location", base + rules.location(of: head.id)),
      ("version", EntityTag.text(head.version)),
    ]
  }
}
