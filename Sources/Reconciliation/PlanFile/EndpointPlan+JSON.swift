import Foundation
import JSON

extension EndpointPlan: PlanRepresentable {
  var planJSON: JSONValue {
    .object(
      JSONObject(plan: [
        ("endpoint", endpoint), ("driver", driver), ("reads", reads), ("changes", changes), ("adoptions", adoptions),
        ("forgotten", forgotten), ("withheld", withheld), ("foreign", foreign), ("limitations", limitations),
        ("managed", managed), ("memberCounts", memberCounts.byText), ("safety", safety), ("limits", limits),
        ("ownUserName", ownUserName), ("situations", situations), ("desiredCount", desiredCount),
        ("ownedCount", ownedCount), ("protected", protected), ("administrators", administrators),
        ("accessChanges", accessChanges), ("modified", modified.isEmpty ? nil : modified.byText),
        ("protectionBreaches", protectionBreaches.isEmpty ? nil : protectionBreaches),
        ("privilegedGains", privilegedGains.isEmpty ? nil : privilegedGains),
        ("dependsOn", dependsOn.isEmpty ? nil : dependsOn), ("missing", missing.isEmpty ? nil : missing),
      ]))
  }

  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "an endpoint")
    self.init(endpoint: try fields("endpoint"), driver: try fields("driver"))
    reads = try fields("reads")
    changes = try fields("changes")
    adoptions = try fields("adoptions")
    forgotten = try fields("forgotten")
    withheld = try fields("withheld")
    foreign = try fields("foreign")
    limitations = try fields("limitations")
    managed = try fields("managed")
    memberCounts = try [ResourceKey: Int](text: try fields("memberCounts"))
    safety = try fields("safety")
    limits = try fields("limits")
    ownUserName = try fields.optional("ownUserName")
    situations = try fields("situations")
    desiredCount = try fields("desiredCount")
    ownedCount = try fields("ownedCount")
    protected = try fields("protected")
    administrators = try fields("administrators")
    accessChanges = try fields("accessChanges")
    modified = try [ResourceKey: Date](text: try fields.optional("modified") ?? [:])
    protectionBreaches = try fields.optional("protectionBreaches") ?? []
    privilegedGains = try fields.optional("privilegedGains") ?? []
    dependsOn = try fields.optional("dependsOn") ?? []
    missing = try fields.optional("missing") ?? []
  }
}

extension Dictionary where Key == ResourceKey {
  fileprivate var byText: [String: Value] {
    Dictionary<String, Value>(uniqueKeysWithValues: map { ($0.key.description, $0.value) })
  }

  fileprivate init(text: [String: Value]) throws(PlanFormatError) {
    self = [:]
    for (key, count) in text { self[try ResourceKey(planJSON: .string(key))] = count }
  }
}

extension EndpointDeclaration.Driver: PlanRepresentable {}

extension ResourceKey: PlanRepresentable {
  var planJSON: JSONValue { .string(description) }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    let text = try String(planJSON: planJSON)
    guard let slash = text.firstIndex(of: "/") else { throw PlanFormatError(description: "\(text) is not kind/name") }
    self.init(String(text[..<slash]), String(text[text.index(after: slash)...]))
  }
}

extension SourceLocation: PlanRepresentable {
  var planJSON: JSONValue { .object(JSONObject(plan: [("file", file), ("line", line), ("column", column)])) }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "a source")
    self.init(file: try fields("file"), line: try fields("line"), column: try fields("column"))
  }
}

extension EndpointPlan.Read: PlanRepresentable {
  var planJSON: JSONValue {
    var doubt: String?
    if case .incomplete(let reason) = completeness { doubt = reason }
    return .object(
      JSONObject(plan: [("resourceType", resourceType), ("read", read), ("total", total), ("incomplete", doubt)]))
  }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "a read")
    let doubt: String? = try fields.optional("incomplete")
    self.init(
      resourceType: try fields("resourceType"), read: try fields("read"), total: try fields.optional("total"),
      completeness: doubt.map { .incomplete(reason: $0) } ?? .complete)
  }
}

extension EndpointPlan.Withheld: PlanRepresentable {
  var planJSON: JSONValue {
    .object(
      JSONObject(plan: [
        ("key", key), ("situation", situation), ("reason", reason), ("source", source),
        ("attributes", attributes.isEmpty ? nil : attributes),
      ]))
  }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "what is withheld")
    self.init(
      key: try fields("key"), situation: try fields("situation"), reason: try fields("reason"),
      source: try fields.optional("source"), attributes: try fields.optional("attributes") ?? [])
  }
}

extension ForeignResource: PlanRepresentable {
  var planJSON: JSONValue {
    .object(JSONObject(plan: [("resourceType", resourceType), ("id", id), ("name", name), ("modified", modified)]))
  }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "a foreign resource")
    self.init(
      resourceType: try fields("resourceType"), id: try fields("id"), name: try fields("name"),
      modified: try fields.optional("modified"))
  }
}

extension AdministratorGroup: PlanRepresentable {
  var planJSON: JSONValue { .object(JSONObject(plan: [("key", key), ("before", before), ("after", after)])) }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "a group of administrators")
    self.init(key: try fields("key"), before: try fields("before"), after: try fields("after"))
  }
}

extension AccessChange: PlanRepresentable {
  var planJSON: JSONValue {
    .object(
      JSONObject(plan: [
        ("member", member), ("group", group), ("groupKey", groupKey), ("gains", gains), ("endpoint", endpoint),
        ("until", until),
      ]))
  }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "a change of access")
    self.init(
      member: try fields("member"), group: try fields("group"), groupKey: try fields("groupKey"),
      gains: try fields("gains"), endpoint: try fields("endpoint"), until: try fields.optional("until"))
  }
}
