import JSON

extension ProtectionBreach: PlanRepresentable {
  var planJSON: JSONValue { .object(JSONObject(plan: [("policy", policy), ("key", key), ("harm", harm)])) }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "a breach of a protection")
    self.init(policy: try fields("policy"), key: try fields("key"), harm: try fields("harm"))
  }
}

extension PrivilegedGain: PlanRepresentable {
  var planJSON: JSONValue {
    .object(
      JSONObject(plan: [
        ("policy", policy), ("tier", tier), ("approvals", approvals), ("authorMayNotBenefit", authorMayNotBenefit),
        ("people", people), ("groups", groups),
      ]))
  }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "a gain of privilege")
    self.init(
      policy: try fields("policy"), tier: try fields("tier"), approvals: try fields("approvals"),
      authorMayNotBenefit: try fields("authorMayNotBenefit"), people: try fields("people"),
      groups: try fields("groups"))
  }
}
