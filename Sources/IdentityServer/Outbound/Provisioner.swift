import Endpoints
import Foundation
import LocalDirectory
import Reconciliation
import SCIM

/// Brings resources of the directory to one endpoint: compares what is here with what is there and sends what differs.
/// Whatever led to it, the same happens.
struct Provisioner: Sendable {
  let connector: Connector
  let endpoint: any Endpoint
  let directory: Directory
  let store: any ProvisioningStore
  /// Opens passwords; nil provisions none.
  let secretBox: SecretBox?
  let now: @Sendable () -> Date

  /// Brings these resources there; those that are here no more are taken away.
  /// - Throws: `EndpointError` when nothing can be done there at all, or the store's error.
  func provision(_ keys: Set<ResourceKey>) async throws -> ProvisioningResult {
    let capabilities = try await endpoint.capabilities()
    let reading = EndpointReading(endpoint: endpoint, declaration: connector.declaration, capabilities: capabilities)
    let survey = DirectorySurvey(connector: connector, directory: directory, store: store, secretBox: secretBox)
    var work = try await survey.work(on: keys)
    leaveOwnAccount(&work, capabilities)
    work.live = try await reading.find(work).mapValues { Observation.Listing(resources: $0) }
    try await survey.recognise(&work)
    guard let plan = planner(work, capabilities).plan() else { return ProvisioningResult(work) }
    return await carryOut(plan, work, capabilities)
  }

  /// Compares everything: what is here and not left to others, and what is known to be there.
  /// - Parameters:
  ///   - newcomers: which resources are to come that are not there yet.
  ///   - cursor: the last event that was read; what came in after it is left to its own.
  /// - Throws: as ``provision(_:)``; ``PassHeldBack`` when the guardrails refuse what would be taken away.
  func provisionAll(_ newcomers: Newcomers, after cursor: Int) async throws -> ProvisioningResult {
    let capabilities = try await endpoint.capabilities()
    let reading = EndpointReading(endpoint: endpoint, declaration: connector.declaration, capabilities: capabilities)
    let survey = DirectorySurvey(connector: connector, directory: directory, store: store, secretBox: secretBox)
    var work = try await survey.allWork(newcomers, after: cursor)
    leaveOwnAccount(&work, capabilities)
    work.live = try await reading.list(connector.kinds, planner(work, capabilities).interests())
    guard let plan = planner(work, capabilities).plan() else { return ProvisioningResult(work) }
    // What is gone there is what a pass is to bring back, however much it is.
    let guardrails = Guardrail.standard(maxMissing: .percent(100))
    if case .refused(let objections) = review(Plan(endpoints: [plan]), with: guardrails) {
      throw PassHeldBack(description: objections.map(\.message).joined(separator: "; "))
    }
    return await carryOut(plan, work, capabilities)
  }

  /// The account that we sign in with there is not one of ours, whatever it is called.
  private func leaveOwnAccount(_ work: inout ProvisioningWork, _ capabilities: Capabilities) {
    guard let own = endpoint.ownUserName.map({ UserStoreDomain.kept($0).lowercased() }) else { return }
    for (key, resource) in work.desired where key.kind == "User" && work.links[key] == nil {
      let identity = EndpointIdentity(of: resource, at: connector.declaration, capabilities)
      if identity?.userName.map({ UserStoreDomain.kept($0).lowercased() }) == own { work.desired[key] = nil }
    }
  }

  private func planner(_ work: ProvisioningWork, _ capabilities: Capabilities) -> ProvisioningPlanner {
    ProvisioningPlanner(
      work: work, declaration: connector.declaration, capabilities: capabilities, ownUserName: endpoint.ownUserName,
      now: now())
  }

  private func carryOut(
    _ plan: EndpointPlan, _ work: ProvisioningWork, _ capabilities: Capabilities
  ) async -> ProvisioningResult {
    var result = ProvisioningResult(work)
    result.note(plan, at: now())
    var run = ChangeRun(
      plan.changes, at: endpoint, capabilities.catalog, width: connector.declaration.limits.concurrency,
      ids: work.links.mapValues(\.remoteID), isFatal: \.concernsWholeEndpoint)
    for (change, outcome) in await run.run() { result.note(outcome, of: change, at: now()) }
    result.fatal = run.fatal
    return result
  }
}

/// Which resources a full pass takes up that the connector does not know yet.
enum Newcomers: Sendable {
  /// All that are not left to others.
  case all
  /// Those with these ids.
  case only(Set<String>)
}

/// A full pass would take away more than the guardrails allow.
struct PassHeldBack: Error, CustomStringConvertible {
  let description: String
}

extension Connector {
  /// Whether users are told their roles there.
  var mapsRoles: Bool { declaration.mapping.contains { $0.source == .roles } }

  /// The resource types that it provisions.
  var kinds: [String] { (declaration.scope.kinds ?? []).sorted() }
}

extension EndpointError {
  /// Whether nothing else there would fare better: the endpoint cannot be reached or does not know us.
  var concernsWholeEndpoint: Bool {
    switch kind {
    case .unreachable, .interrupted, .timedOut, .rateLimited, .unauthorized, .misconfigured, .cancelled: true
    // A server that fails at one resource says 500; one that fails altogether says so otherwise.
    case .unavailable: status.map { $0 > 501 } ?? true
    case .forbidden, .notFound, .conflict, .stale, .tooLarge, .rejected, .malformed: false
    }
  }
}
