import Endpoints
import Foundation
import Logging
import Reconciliation

/// What became of one pass at one endpoint, for the log.
enum PassResult: Sendable {
  case inSync(drift: Int)
  case applied(RunSummary, drift: Int)
  case refused([Objection])
  case unreachable(EndpointError)
  /// The ledger could not be read or written.
  case broken(String)

  var isFailure: Bool {
    switch self {
    case .inSync: false
    case .applied(let summary, _): summary.results.contains { !$0.outcome.isApplied }
    case .refused, .unreachable, .broken: true
    }
  }

  /// One structured line a pass.
  func metadata(endpoint: String) -> Logger.Metadata {
    var line: Logger.Metadata = ["endpoint": "\(endpoint)"]
    switch self {
    case .inSync(let drift):
      line["result"] = "in-sync"
      line["drift"] = "\(drift)"
    case .applied(let summary, let drift):
      let applied = summary.results.count { $0.outcome.isApplied }
      line["result"] = applied == summary.results.count ? "applied" : "partial"
      line["run"] = "\(summary.run)"
      line["applied"] = "\(applied)"
      line["failed"] = "\(summary.results.count - applied)"
      line["drift"] = "\(drift)"
      line["seconds"] = "\((summary.duration * 100).rounded() / 100)"
    case .refused(let objections):
      line["result"] = "refused"
      line["because"] = "\(objections.map(\.message).joined(separator: "; "))"
    case .unreachable(let error):
      line["result"] = "unreachable"
      line["because"] = "\(error.message)"
    case .broken(let reason):
      line["result"] = "broken"
      line["because"] = "\(reason)"
    }
    return line
  }
}

extension Outcome {
  /// Whether the change is in force now.
  package var isApplied: Bool { if case .applied = self { true } else { false } }
}

extension ControlLoop {
  /// One pass at one endpoint, with connections of its own.
  func pass(at declaration: EndpointDeclaration, _ desired: DesiredState) async -> PassResult {
    do throws(EndpointError) {
      let endpoint = try await surroundings.open(declaration)
      let result = await reconcile(endpoint, declaration, desired)
      await endpoint.close()
      return result
    } catch {
      return .unreachable(error)
    }
  }

  private func reconcile(
    _ endpoint: any Endpoint, _ declaration: EndpointDeclaration, _ desired: DesiredState
  ) async -> PassResult {
    let reconciler = Reconciler(
      endpoints: [endpoint], storage: storage, secrets: secrets, stop: stop, now: surroundings.now)
    do {
      let survey = try await reconciler.survey(desired, options)
      if let failure = survey.unreachable.first { return .unreachable(failure.error) }
      let drift = survey.plan.endpoints.reduce(0) { $0 + $1.driftCorrections.count }
      var plan = survey.plan
      if declaration.drift != .correct { plan.endpoints = plan.endpoints.map { $0.withoutDriftCorrections() } }
      switch try await reconciler.carryOut(plan, options, run: surroundings.newRun()) {
      case .inSync: return .inSync(drift: drift)
      case .applied(let summary): return .applied(summary, drift: drift)
      case .refused(let objections): return .refused(objections)
      }
    } catch {
      return .broken("\(error)")
    }
  }
}
