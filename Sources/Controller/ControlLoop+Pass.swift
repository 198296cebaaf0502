import Endpoints
import Reconciliation

extension ControlLoop {
  /// One pass at one endpoint, and a look at what it needs that ends at a known moment.
  func pass(_ work: LoopState.Work) async -> PassEnd {
    var end = await leasedPass(work)
    guard end.tellsOfCredentials else { return end }
    let keeps = end.plan?.keepsIdentityProviders == true
    end.expiries = await surroundings.expiries(
      work.declaration, keeps ? work.desired.identityProviders : [])
    return end
  }

  /// The endpoint is leased from the first read to the last write.
  private func leasedPass(_ work: LoopState.Work) async -> PassEnd {
    do {
      return try await leases.holding([work.declaration.name], until: stop) { held in
        await note(work.status)
        return await pass(work, held)
      }
    } catch LeaseError.held(let leases) {
      return PassEnd(result: .leased(holder: leases.first?.holder.name ?? ""))
    } catch {
      return PassEnd(result: .broken("\(error)"))
    }
  }

  /// With connections of its own.
  private func pass(_ work: LoopState.Work, _ held: LeaseKeeper.Held) async -> PassEnd {
    do throws(EndpointError) {
      let endpoint = try await surroundings.open(work.declaration)
      let end = await reconcile(endpoint, work, held)
      await endpoint.close()
      return end
    } catch {
      return PassEnd(result: .unreachable(error))
    }
  }

  private func reconcile(
    _ endpoint: any Endpoint, _ work: LoopState.Work, _ held: LeaseKeeper.Held
  ) async -> PassEnd {
    let reconciler = Reconciler(
      endpoints: [endpoint], storage: held.storage, secrets: secrets, stop: held.stop, now: surroundings.now)
    do {
      let survey = try await reconciler.survey(work.desired, options)
      if held.stop.isRaised { return end(told: held.stop.reason) }
      if let failure = survey.unreachable.first { return PassEnd(result: .unreachable(failure.error)) }
      var end = PassEnd(result: .inSync, plan: survey.plan)
      let plan: Plan
      (plan, end.corrected, end.reported) = survey.plan.following(DriftPolicies(work.declaration, work.desired))
      end.intended = plan
      end.result = try await carryOut(plan, work, reconciler)
      if let memory = await remember(survey.plan, end.result) {
        end.drift = memory.counts(at: surroundings.now())
        let acknowledged = memory.acknowledged(at: surroundings.now())
        end.reported.removeAll(where: acknowledged.contains)
      }
      return end
    } catch {
      return PassEnd(result: .broken("\(error)"))
    }
  }

  /// - Parameter reason: why it was not an operator who ended the pass.
  private func end(told reason: String?) -> PassEnd { PassEnd(result: reason.map { .broken($0) } ?? .interrupted) }

  /// What an operator has approved passes the guardrails about amounts: that very plan, and no other.
  private func carryOut(_ plan: Plan, _ work: LoopState.Work, _ reconciler: Reconciler) async throws -> PassResult {
    var options = options
    options.author.commit = work.commit ?? options.author.commit
    if let approval = work.approval, approval.plan == plan.hash {
      options.guardrails.removeAll(where: \.isApprovable)
      options.author.approvedBy = approval.by
    }
    switch try await reconciler.carryOut(plan, options, run: surroundings.newRun()) {
    case .inSync: return .inSync
    case .applied(let summary): return .applied(summary)
    case .refused(let objections): return .refused(objections, plan: plan.hash)
    }
  }

  /// Remembers the drift that a pass found, and what it put right. Without it the loop goes on.
  private func remember(_ plan: Plan, _ result: PassResult) async -> DriftMemory? {
    guard let plan = plan.endpoints.first else { return nil }
    let results: [EndpointSummary.Result] =
      if case .applied(let summary) = result { summary.endpoints.first?.results ?? [] } else { [] }
    let keeper = DriftKeeper(records.storage, now: surroundings.now)
    do {
      return try await keeper.note(plan, isWhole: options.selection.isWhole, results: results).memory
    } catch {
      complain(error)
      return nil
    }
  }
}
