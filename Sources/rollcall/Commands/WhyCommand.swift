import ArgumentParser
import Controller
import Foundation
import JSON
import LocalDirectory
import Manifests
import Reconciliation
import Reports

struct WhyCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Show how somebody comes to be in a group or role. Reads only.",
    discussion: """
      By the manifests alone, unless --endpoint is given: then also what that endpoint holds, and whose doing it is.
      Examples: rollcall why alice, rollcall why alice admins, rollcall why alice Role/auditor --endpoint local
      """)
  static let formats = [ReportFormat.text, .json]

  @Argument(help: "The user: the name of the manifest, or the userName. A group is written Group/name.")
  var member: String

  @Argument(help: "The group or role: its name in the manifests or its displayName, or Kind/name. Default: all.")
  var target: String?

  @Option(help: "Look at this endpoint as well. Repeatable.")
  var endpoint: [String] = []

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var deadline: DeadlineOption
  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    try deadline.begin(in: workspace)
    let compilation = try await workspace.validManifests(manifests)
    let desired = compilation.desiredState
    let names = ResourceNames(desired.resources)
    let user = try names.member(member)
    let places = workspace.settings.list("endpoint", endpoint)
    let container = try target.flatMap { try names.container($0, isRequired: places == nil) }
    let now = workspace.now()
    var report = AccessReport(
      member: user.key, source: user.location, inactive: user.lifecycle.inactiveReason(at: now),
      target: container?.description ?? target,
      ways: desired.ways(of: user.key, at: now).filter { target == nil || $0.container == container }, now: now)
    if let places {
      let options = Reconciler.Options(selection: Selection(endpoints: places))
      try await look(into: &report, container, Pass(workspace, compilation, options, state))
    }
    workspace.terminal.result(
      workspace.format == .json ? report.json.pretty() : report.text(workspace.terminal.style))
    return report.unreachable.isEmpty ? .success : .unreachable
  }

  /// Reads the endpoints: of a group that manifests manage only what the plan looks into.
  private func look(into report: inout AccessReport, _ container: ResourceKey?, _ pass: Pass) async throws {
    let desired = pass.compilation.desiredState
    let (evidence, unreachable) = try await pass.closing { try await pass.evidence(isWhole: container == nil) }
    report.unreachable = unreachable
    report.endpoints = evidence.planner.access(
      of: report.member, in: desired, against: evidence.observations, owned: evidence.owned)
    if let wanted = report.target {
      for index in report.endpoints.indices { report.endpoints[index].keep(only: wanted, container) }
    }
    for there in report.endpoints {
      guard let declaration = desired.endpoints.first(where: { $0.name == there.endpoint }) else { continue }
      // What the journal knows of a run says more than the audit, so it comes last, which counts.
      report.additions += try await pass.workspace.additions(of: there.holdings, at: declaration)
      report.additions += try await recorded(there, in: pass.workspace)
    }
  }

  /// Who made these memberships, where we did.
  private func recorded(_ there: AccessThere, in workspace: Workspace) async throws -> [AccessReport.Addition] {
    let journal = try workspace.state(state)
    var history = MembershipHistory(of: there.endpoint)
    var sequence = 0
    while true {
      let page = try await journal.journal(after: sequence, limit: 1000)
      guard let last = page.last else { break }
      sequence = last.entry.sequence
      for row in page { history.read(try row.entry.content().line) }
    }
    return there.holdings.compactMap { holding in
      guard let key = holding.containerKey, let made = history.addition(of: holding.member, to: key) else { return nil }
      return AccessReport.Addition(
        endpoint: there.endpoint, memberID: holding.memberID, containerID: holding.containerID, time: made.time,
        actor: made.actor ?? "rollcall", run: made.run, commit: made.commit)
    }
  }
}

extension AccessThere {
  /// Leaves what leads to one group or role.
  fileprivate mutating func keep(only wanted: String, _ key: ResourceKey?) {
    var ids = Set(
      holdings.filter { $0.containerKey.map { $0 == key } ?? ($0.container.lowercased() == wanted.lowercased()) }
        .map(\.containerID))
    // From the outside in.
    for holding in holdings.sorted(by: { $0.depth > $1.depth }) where ids.contains(holding.containerID) {
      ids.insert(holding.memberID)
    }
    holdings.removeAll { !ids.contains($0.containerID) }
    upcoming.removeAll { $0.groupKey != key }
  }
}

extension Workspace {
  /// Who made these memberships, where the endpoint is a directory of ours, which keeps an audit.
  fileprivate func additions(
    of holdings: [AccessThere.Holding], at declaration: EndpointDeclaration
  ) async throws -> [AccessReport.Addition] {
    guard declaration.driver == .embedded, !holdings.isEmpty else { return [] }
    let directory = try directory(at: declaration.store)
    let wanted = Set(holdings.map { [$0.containerID, $0.memberID] })
    var additions: [AccessReport.Addition] = []
    var sequence = 0
    while true {
      let page = try await directory.events(after: sequence, limit: 500)
      guard let last = page.last else { return additions }
      sequence = last.sequence
      for event in page {
        for made in event.membership.added where wanted.contains([made.container, made.member]) {
          additions.append(
            AccessReport.Addition(
              endpoint: declaration.name, memberID: made.member, containerID: made.container, time: event.time,
              actor: event.author.name))
        }
      }
    }
  }
}
