import Endpoints
import Foundation
import Reconciliation

extension PassFindings {
  /// How long before a credential ends people are told, in seconds.
  private static let notice: TimeInterval = 30 * 86_400

  /// What a pass at an endpoint found.
  init(_ end: PassEnd, at declaration: EndpointDeclaration, now: Date) {
    self.init(.endpoint(declaration.name), [], judged: [])
    switch end.result {
    case .inSync: judge(end, failures: [])
    case .applied(let summary): judge(end, failures: summary.results.compactMap(\.failure))
    case .refused(let objections, let plan):
      let reason = objections.map(\.message).joined(separator: "; ")
      let text = "a guardrail stopped plan \(plan.prefix(12)): \(reason)"
      judge(end, failures: [Finding(.failure, "plan", text)])
    case .unreachable(let error): fail("the endpoint cannot be used: \(error.message)")
    case .broken(let reason): fail("the state cannot be used: \(reason)")
    case .leased, .interrupted: return
    }
    judged.insert(.expiry)
    findings += Self.expiries(of: declaration, now)
  }

  /// How the source of the manifests fares.
  init(_ status: SourceStatus) {
    let problem = status.problem.map { Finding(.failure, $0.reason.rawValue, $0.message) }
    let notice = status.notice.map { Finding(.failure, "history", $0, isMomentary: true) }
    self.init(.manifests, [problem, notice].compactMap { $0 }, judged: [.failure])
  }

  /// A pass that read the endpoint can tell everything.
  private mutating func judge(_ end: PassEnd, failures: [Finding]) {
    judged = [.drift, .failure, .withheld]
    let isCorrected = if case .applied = end.result { true } else { false }
    findings += end.corrected.map { key in
      Finding(.drift, "\(key)", isCorrected ? "drifted, and was corrected" : "drifted", isMomentary: isCorrected)
    }
    findings += end.reported.map { Finding(.drift, "\($0)", "drifted, and is left as it is") }
    findings += failures
    findings += (end.plan?.endpoints ?? []).flatMap(\.withheld).map { Finding(.withheld, "\($0.key)", $0.reason) }
  }

  private mutating func fail(_ text: String) {
    judged = [.failure]
    findings.append(Finding(.failure, "endpoint", text))
  }

  private static func expiries(of declaration: EndpointDeclaration, _ now: Date) -> [Finding] {
    guard case .bearer(_, let end?) = declaration.authentication, end.timeIntervalSince(now) < notice else { return [] }
    let verb = end <= now ? "ended" : "ends"
    return [Finding(.expiry, "token", "the bearer token \(verb) at \(end.formatted(.iso8601))")]
  }
}

extension EndpointSummary.Result {
  /// What is to be told of a change that did not come to be; nil for one that did, or that only waited for another.
  fileprivate var failure: PassFindings.Finding? {
    switch outcome {
    case .applied, .skipped, .cancelled: nil
    case .failed(let reason): .init(.failure, "\(change.key)", "\(change.action.rawValue) failed: \(reason)")
    case .stale: .init(.failure, "\(change.key)", "\(change.action.rawValue) was held back: it changed meanwhile")
    }
  }
}
