import ArgumentParser
import Controller
import Foundation
import JSON
import Manifests
import Reconciliation
import Reports

struct ExplainCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Trace one decision: what a resource was matched with, and what follows. Reads only.",
    discussion: "Example: rollcall explain User/alice --endpoint slack")
  static let formats = [ReportFormat.text, .json]

  @Argument(help: "The resource: Kind/name, as the manifests, or a plan, call it.")
  var resource: String

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var safety: SafetyOptions
  @OptionGroup var deadline: DeadlineOption
  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    try deadline.begin(in: workspace)
    let compilation = try await workspace.validManifests(manifests)
    let desired = compilation.desiredState
    let key = try ResourceNames(desired.resources).key(resource)
    let pass = try await Pass(workspace, compilation, manifests, selection, safety, state)
    let (evidence, unreachable) = try await pass.closing { try await pass.evidence() }
    let traces = evidence.planner.trace(
      key, in: desired, against: evidence.observations, owned: evidence.owned, guardrails: pass.options.guardrails)
    if unreachable.isEmpty, traces.allSatisfy({ $0.source == nil && $0.situation == nil }) {
      throw CommandFailure(
        .usage, "\(key) is in no manifest, in no ledger, and at no endpoint", hint: "rollcall plan names what there is")
    }
    workspace.terminal.result(
      workspace.format == .json ? json(traces, unreachable) : text(traces, unreachable, workspace.terminal.style))
    return unreachable.isEmpty ? .success : .unreachable
  }

  private func json(_ traces: [DecisionTrace], _ unreachable: [Report.Unreachable]) -> String {
    let report: JSONValue = [
      "formatVersion": 1, "endpoints": .array(traces.map(\.json)),
      "unreachable": .array(
        unreachable.map { ["name": .string($0.endpoint), "message": .string($0.message)] }),
    ]
    return report.pretty()
  }

  private func text(
    _ traces: [DecisionTrace], _ unreachable: [Report.Unreachable], _ style: TextStyle
  ) -> String {
    let parts =
      traces.map { DecisionText($0).text(style) }
      + unreachable.map { "\($0.endpoint): not read: \($0.message)\n".escapingControls(keepingLineEnds: true) }
    return parts.joined(separator: "\n")
  }
}
