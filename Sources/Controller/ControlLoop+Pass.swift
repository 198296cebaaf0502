import Endpoints
import Reconciliation

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
      if stop.isRaised { return .interrupted }
      if let failure = survey.unreachable.first { return .unreachable(failure.error) }
      let (plan, drift) = survey.plan.following(declaration.drift)
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
