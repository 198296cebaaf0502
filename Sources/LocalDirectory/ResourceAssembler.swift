import Foundation
import JSON
import SCIM

/// Makes resources as clients see them out of what the store keeps, within one transaction.
struct ResourceAssembler {
  private let reader: any DirectoryReader
  private let rules: [String: ResourceRules]
  private let graph: MembershipGraph

  init(_ reader: any DirectoryReader, rules: [String: ResourceRules]) {
    self.reader = reader
    self.rules = rules
    graph = MembershipGraph(reader)
  }

  /// The resources of a page with the attributes that the projection returns.
  func resources(_ page: [StoredResource], _ projection: Projection, _ rules: ResourceRules) throws -> [Resource] {
    if rules.computed.values.contains(where: projection.includes) { try graph.prepare(page.map(\.id)) }
    return try page.map { try resource($0, projection, rules) }
  }

  /// The resource with the attributes that the projection returns.
  func resource(_ stored: StoredResource, _ projection: Projection, _ rules: ResourceRules) throws -> Resource {
    let whole = try document(stored, rules) { projection.includes($0) }
    if projection == .standard, rules.returnedByDefault.covers(whole) { return Resource(whole) }
    return Resource(projection.applied(to: whole, of: rules.type, catalog: rules.catalog))
  }

  /// All attributes of the resource; of the membership attributes only the wanted ones, for they cost a query each.
  func document(_ stored: StoredResource, _ rules: ResourceRules, wants: (String) -> Bool) throws -> JSONObject {
    var members: [JSONObject.Member] = []
    members.reserveCapacity(stored.attributes.count + 6)
    members.append(rules.schemas(of: stored.attributes))
    members.append(.init(key: "id", value: .string(stored.id)))
    members += stored.attributes.members.filter { $0.key != "schemas" }
    for attribute in rules.memberKinds.keys.sorted() where wants(attribute) {
      let values = try reader.members(of: stored.id, in: attribute).map { reference(to: $0, type: $0.type) }
      if !values.isEmpty { members.append(.init(key: attribute, value: .array(values))) }
    }
    members += try places(of: stored, rules, wants: wants)
    members.append(.init(key: "meta", value: meta(of: stored, rules)))
    return JSONObject(uniqueMembers: members)
  }

  /// The computed attributes: the groups and roles of a user.
  private func places(
    of stored: StoredResource, _ rules: ResourceRules, wants: (String) -> Bool
  ) throws -> [JSONObject.Member] {
    let wanted = rules.computed.filter { wants($0.value) }
    guard !wanted.isEmpty else { return [] }
    let places = try graph.places(of: stored.id)
    return wanted.sorted { $0.value < $1.value }.compactMap { kind, attribute in
      let values = places.filter { $0.container.type == kind }
        .map { reference(to: $0.container, type: $0.isDirect ? "direct" : "indirect") }
      return values.isEmpty ? nil : JSONObject.Member(key: attribute, value: .array(values))
    }
  }

  private func reference(to summary: ResourceSummary, type: String) -> JSONValue {
    let location = rules[summary.type]?.location(of: summary.id) ?? summary.id
    return .object(
      JSONObject(uniqueMembers: [
        .init(key: "value", value: .string(summary.id)), .init(key: "$ref", value: .string(location)),
        .init(key: "display", value: .string(summary.label)), .init(key: "type", value: .string(type)),
      ]))
  }

  private func meta(of stored: StoredResource, _ rules: ResourceRules) -> JSONValue {
    .object(
      JSONObject(uniqueMembers: [
        .init(key: "resourceType", value: .string(stored.type)),
        .init(key: "created", value: .string(Timestamp.text(stored.created))),
        .init(key: "lastModified", value: .string(Timestamp.text(stored.lastModified))),
        .init(key: "location", value: .string(rules.location(of: stored.id))),
        .init(key: "version", value: .string(EntityTag.text(stored.version))),
      ]))
  }
}
