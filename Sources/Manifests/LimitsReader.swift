import Foundation
import Reconciliation
import SCIM

/// Reads what may be done to an endpoint, and how fast.
struct LimitsReader {
  let paths: PathReader

  private var scope: FileScope { paths.scope }

  func limits(_ node: YAMLNode) -> EndpointDeclaration.Limits {
    var limits = EndpointDeclaration.Limits()
    guard var fields = Fields(node, scope, what: "`limits`") else { return limits }
    limits.readsPerMinute = fields.take("reads").flatMap { rate($0, "reads") }
    limits.writesPerMinute = fields.take("writes").flatMap { rate($0, "writes") }
    limits.concurrency = fields.int("concurrency", in: 1...256) ?? limits.concurrency
    fields.finish("`limits`")
    return limits
  }

  /// `180/m`, `3/s` or `600/h`, in requests a minute.
  private func rate(_ node: YAMLNode, _ name: String) -> Int? {
    let parts = node.text?.split(separator: "/", omittingEmptySubsequences: false) ?? []
    if parts.count == 2, let count = Int(parts[0]), (1...1_000_000).contains(count) {
      switch parts[1] {
      case "s": return count * 60
      case "m": return count
      case "h": return max(count / 60, 1)
      default: break
      }
    }
    scope.report(
      .invalidNumber, "`\(name)` must be a number of requests in a second, minute or hour", at: node.mark,
      hint: "write it as 3/s, 180/m or 10000/h")
    return nil
  }

  func safety(_ node: YAMLNode) -> SafetyLimits {
    var safety = SafetyLimits()
    guard var fields = Fields(node, scope, what: "`safety`") else { return safety }
    safety.maxDeletes = fields.take("maxDeletes").flatMap { limit($0, "maxDeletes") } ?? safety.maxDeletes
    safety.maxDisables = fields.take("maxDisables").flatMap { limit($0, "maxDisables") } ?? safety.maxDisables
    safety.maxMemberRemovals =
      fields.take("maxMemberRemovals").flatMap { limit($0, "maxMemberRemovals") } ?? safety.maxMemberRemovals
    safety.maxMissing = fields.take("maxMissing").flatMap { limit($0, "maxMissing") } ?? safety.maxMissing
    safety.floor = fields.int("floor", in: 0...Int.max) ?? safety.floor
    safety.protect = fields.items("protect")?.compactMap { paths.filter($0, what: "a filter of `protect`") } ?? []
    safety.minAdmins = fields.int("minAdmins", in: 0...Int.max)
    fields.finish("`safety`")
    return safety
  }

  /// `5%` or a plain count.
  private func limit(_ node: YAMLNode, _ name: String) -> SafetyLimits.Limit? {
    if let limit = node.text.flatMap(SafetyLimits.Limit.init) { return limit }
    scope.report(
      .invalidNumber, "`\(name)` must be a count or a share from 0% to 100%", at: node.mark,
      hint: "write it as 20 or 5%")
    return nil
  }
}
