import JSON
import SCIM

extension SafetyLimits: PlanRepresentable {
  /// What is left out, so that a plan keeps its hash from release to release.
  private static let usual = SafetyLimits()

  var planJSON: JSONValue {
    .object(
      JSONObject(plan: [
        ("maxDeletes", maxDeletes), ("maxDisables", maxDisables), ("maxMemberRemovals", maxMemberRemovals),
        ("maxMissing", maxMissing == Self.usual.maxMissing ? nil : maxMissing), ("floor", floor), ("protect", protect),
        ("minAdmins", minAdmins),
      ]))
  }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "safety")
    self.init(
      maxDeletes: try fields("maxDeletes"), maxDisables: try fields("maxDisables"),
      maxMemberRemovals: try fields("maxMemberRemovals"),
      maxMissing: try fields.optional("maxMissing") ?? Self.usual.maxMissing, floor: try fields("floor"),
      protect: try fields("protect"), minAdmins: try fields.optional("minAdmins"))
  }
}

extension SafetyLimits.Limit: PlanRepresentable {
  var planJSON: JSONValue {
    switch self {
    case .count(let count): ["count": count.planJSON]
    case .percent(let percent): ["percent": percent.planJSON]
    }
  }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "a limit")
    if let count: Int = try fields.optional("count") {
      self = .count(count)
    } else {
      self = .percent(try fields("percent"))
    }
  }
}

extension Filter: PlanRepresentable {
  var planJSON: JSONValue { .string(description) }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    let text = try String(planJSON: planJSON)
    do throws(SCIMError) {
      self = try Filter(parsing: text)
    } catch {
      throw PlanFormatError(description: "\(text) is not a filter: \(error.detail)")
    }
  }
}

extension EndpointDeclaration.Limits: PlanRepresentable {
  var planJSON: JSONValue {
    .object(
      JSONObject(plan: [
        ("readsPerMinute", readsPerMinute), ("writesPerMinute", writesPerMinute), ("concurrency", concurrency),
      ]))
  }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "limits")
    self.init(
      readsPerMinute: try fields.optional("readsPerMinute"), writesPerMinute: try fields.optional("writesPerMinute"),
      concurrency: try fields("concurrency"))
  }
}

extension EndpointDeclaration.Situations.Found: PlanRepresentable {}
extension EndpointDeclaration.Situations.Unmatched: PlanRepresentable {}
extension EndpointDeclaration.Situations.Ambiguous: PlanRepresentable {}
extension EndpointDeclaration.Situations.Missing: PlanRepresentable {}

extension EndpointDeclaration.Situations: PlanRepresentable {
  var planJSON: JSONValue {
    .object(
      JSONObject(plan: [
        ("found", found), ("unmatched", unmatched), ("ambiguous", ambiguous), ("missing", missing),
      ]))
  }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "situations")
    self.init(
      found: try fields("found"), unmatched: try fields("unmatched"), ambiguous: try fields("ambiguous"),
      missing: try fields("missing"))
  }
}
