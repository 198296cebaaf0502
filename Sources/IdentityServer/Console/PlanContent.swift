import Foundation
import HummingbirdCore
import Reconciliation
import Reports

/// What the last pass at an endpoint was about to do, and what became of it, in the words of `plan`.
struct EndpointPlanPage {
  private let place: EndpointPlace
  private let state: ControllerState

  init(_ place: EndpointPlace, _ state: ControllerState) {
    self.place = place
    self.state = state
  }

  func response() async throws -> Response {
    let plan = try await state.records.plan(of: place.name)
    let first = try Paging.first(in: try place.visit.query)
    let shown = plan?.changes.dropFirst(first - 1).prefix(Paging.size) ?? []
    let total = plan?.changes.count ?? 0
    var content: [String: PageContent?] = [
      "none": .optional(plan == nil ? "No pass has come to a plan yet." : nil),
      "as_of": .optional(plan.map { "As of \(EndpointContent.time($0.time))" }),
      "hash": .optional(plan?.hash.map { String($0.prefix(12)) }), "run": .optional(plan?.run),
      "summary": .optional(plan.map(PlanContent.summary)), "outcome": .optional(plan.map(PlanContent.outcome)),
      "objections": .list((plan?.objections ?? []).map { ["message": .text($0.message), "hint": .text($0.hint)] }),
      "changes": .list(shown.map(PlanContent.change)), "has_changes": .flag(!shown.isEmpty),
      "omitted": .optional(plan.flatMap { $0.omitted > 0 ? "\($0.omitted) more changes are not kept." : nil }),
      "withheld_items": .list((plan?.withheld ?? []).map { PlanContent.withheld($0.key, $0.reason) }),
      "has_withheld": .flag(plan?.withheld.isEmpty == false),
    ]
    content.merge(
      Paging(first: first, shown: shown.count, of: total) { from in
        "\(place.path(.plan))?from=\(from)"
      }.content
    ) { own, _ in own }
    return try place.page("console-endpoint-plan", title: "Plan of \(place.name)", .plan, content)
  }
}

/// Changes as templates read them.
enum PlanContent {
  static func change(_ entry: PlanRecord.Entry) -> [String: PageContent] {
    let words = ChangeWords(entry)
    let attributes = words.attributes
    return [
      "verb": .text(entry.action.rawValue), "resource": .text(words.resource), "because": .text(words.reason),
      "place": .optional(words.place.isEmpty ? nil : words.place),
      "result": .optional(result(entry)), "is_wrong": .flag(!entry.message.isEmpty),
      "is_taking": .flag([.disable, .delete].contains(entry.action)),
      "differences": .list(attributes.map(attribute)), "has_differences": .flag(!attributes.isEmpty),
    ]
  }

  private static func result(_ entry: PlanRecord.Entry) -> String? {
    guard let outcome = entry.outcome else { return nil }
    return entry.message.isEmpty || entry.message == outcome ? outcome : "\(outcome): \(entry.message)"
  }

  static func attribute(_ words: AttributeWords) -> [String: PageContent] {
    [
      "attribute": .text(words.path), "before": .optional(words.before), "after": .optional(words.after),
      "remark": .optional(words.remark.isEmpty ? nil : words.remark),
    ]
  }

  static func withheld(_ key: ResourceKey, _ reason: String) -> [String: PageContent] {
    ["resource": .text("\(key.kind) \(key.name)"), "because": .text(reason)]
  }

  /// `Plan: 1 to add, 2 to change, 0 to disable, 0 to delete, 1 withheld.`
  static func summary(_ plan: PlanRecord) -> String {
    let withheld = plan.summary.withheld > 0 ? ", \(plan.summary.withheld) withheld" : ""
    return plan.summary.changes == 0 && withheld.isEmpty
      ? "In sync: nothing to change." : "\(plan.summary.words)\(withheld)."
  }

  static func outcome(_ plan: PlanRecord) -> String {
    switch plan.result {
    case "in-sync": ""
    case "applied": "All of it was applied."
    case "refused": "A guardrail refused it: nothing was applied."
    default: "Not all of it was applied."
    }
  }
}
