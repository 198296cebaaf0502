import Foundation
import Reconciliation

/// The lines under a plan: who gains and loses access, how much of the limits is used, what it costs to apply.
struct PlanFooter {
  let plan: Plan
  /// Until when the saved plan may be applied; nil when none was saved.
  let expiresAt: Date?

  var lines: [StyledLine] {
    plan.isEmpty ? [] : ([access] + limits + [calls]).filter { !$0.isEmpty }.map { StyledLine($0) }
  }

  /// Of a list, on its line.
  private static let shown = 8

  private var access: String {
    let sentences = accessSentences
    guard !sentences.isEmpty else { return "" }
    return "Access: " + list(Array(sentences.prefix(Self.shown)), of: sentences.count)
  }

  /// Each said once, with the endpoints that it is about unless it is about all.
  private var accessSentences: [String] {
    var order: [String] = []
    var endpoints: [String: [String]] = [:]
    for change in plan.accessChanges {
      let sentence = "\(change.member) \(change.gains ? "gains" : "loses") \(change.group)"
      if endpoints[sentence] == nil { order.append(sentence) }
      endpoints[sentence, default: []].append(change.endpoint)
    }
    return order.map { sentence in
      let places = Set(endpoints[sentence] ?? []).sorted()
      return places.count == plan.endpoints.count ? sentence : "\(sentence) at \(places.joined(separator: ", "))"
    }
  }

  private func list(_ shown: [String], of total: Int) -> String {
    let rest = total - shown.count
    return (shown + (rest > 0 ? ["and \(rest.grouped) more"] : [])).joined(separator: " · ")
  }

  /// A line for each endpoint. Only what takes something away is held against a limit.
  private var limits: [String] {
    let used = plan.endpoints.map { (name: $0.endpoint, limits: $0.usedLimits) }.filter { !$0.limits.isEmpty }
    return used.map { name, limits in
      (used.count > 1 ? "Limits at \(name): " : "Limits: ") + list(Array(limits.prefix(Self.shown)), of: limits.count)
    }
  }

  private var calls: String {
    let slowest = plan.endpoints.max { $0.estimatedDuration < $1.estimatedDuration }
    let pace = slowest?.limits.writesPerMinute.map { " at \($0.grouped)/min" } ?? ""
    let expiry = expiresAt.map { ", good until \($0.formatted(.iso8601))" } ?? ""
    return "Calls: \(plan.changes.count.counted("write")), about \(plan.estimatedDuration.seconds)\(pace)"
      + " · Plan \(plan.hash.prefix(8))\(expiry)"
  }
}

extension Report {
  /// What is worth knowing before a plan is applied; empty when it was, or shall not be.
  var footer: [StyledLine] {
    guard let plan, verb != .drift, summary == nil else { return [] }
    return PlanFooter(plan: plan, expiresAt: planExpiresAt).lines
  }
}

extension EndpointPlan {
  /// What is taken away there, each against its limit: `disables 1 of 1,204 users (at most 5% or 10)`.
  fileprivate var usedLimits: [String] {
    amounts(of: .disable, "disables", safety.maxDisables) + amounts(of: .delete, "deletes", safety.maxDeletes)
      + memberRemovals
  }

  private func amounts(of action: Change.Action, _ verb: String, _ limit: SafetyLimits.Limit) -> [String] {
    Dictionary(grouping: changes.filter { $0.action == action }, by: \.key.kind).sorted { $0.key < $1.key }
      .map { kind, changes in
        let total = managed[kind] ?? changes.count
        return "\(verb) \(changes.count.grouped) of \(total.counted(kind.asWords))"
          + " (\(words(for: limit, of: total, most: safety.most(limit, of: total))))"
      }
  }

  private var memberRemovals: [String] {
    let losses = memberLosses
    return memberCounts.sorted { $0.key < $1.key }.compactMap { key, total in
      guard let count = losses[key] else { return nil }
      return "member removals \(count.grouped) of \(total.grouped) in \(key.name)"
        + " (\(words(for: safety.maxMemberRemovals, of: total, most: safety.mostMembers(of: total))))"
    }
  }

  /// A share is not held against small sets: so many may go whatever it says, where that is more.
  private func words(for limit: SafetyLimits.Limit, of total: Int, most: Int) -> String {
    "at most \(limit)" + (most > limit.allowed(of: total) ? " or \(most.grouped)" : "")
  }
}
