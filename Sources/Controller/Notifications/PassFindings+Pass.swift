import Endpoints
import Foundation
import Reconciliation

extension PassFindings {
  /// What a pass at an endpoint found.
  init(_ end: PassEnd, at endpoint: String, now: Date) {
    self.init(.endpoint(endpoint), [], judged: [])
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
    guard let expiries = end.expiries else { return }
    judged.insert(.expiry)
    findings += expiries.filter { $0.urgency(at: now) != nil }.map {
      Finding(.expiry, "\($0.subject.rawValue) of \($0.owner)", $0.sentence(at: now))
    }
  }

  /// How the source of the manifests fares, of which each controller has a copy of its own.
  init(_ status: SourceStatus, seenBy controller: String) {
    let problem = status.problem.map { Finding(.failure, $0.reason.rawValue, $0.message) }
    let notice = status.notice.map { Finding(.failure, "history", $0, isMomentary: true) }
    self.init(.manifests, [problem, notice].compactMap { $0 }, judged: [.failure], observer: controller)
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
