import ArgumentParser
import Controller
import Foundation
import Reconciliation
import Reports
import SCIM

struct ReconcileCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "reconcile", abstract: "Ask the running controller for a pass now.",
    discussion: """
      With --wait it exits 2 when an endpoint is not as the manifests ask after that pass, and when no manifests come into \
      force meanwhile. At a suspended endpoint no pass is made: it exits 6, unless there are others.
      """)
  static let formats = [ReportFormat.text, .json]

  @Argument(help: "The endpoint; all when none is named.")
  var endpoint: String?

  @Option(help: "How long to wait for the end of the pass: 30s, 5m.")
  var wait: String?

  @OptionGroup var client: ClientOptions
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let patience = try wait.map(seconds)
    let asked = workspace.now()
    _ = try await client.send(.reconcile(endpoint), in: workspace)
    guard let patience else {
      _ = try active(try await client.send(.status, in: workspace))
      return .success
    }
    var answer = try await client.send(.status, in: workspace)
    while try !hasEnded(answer, since: asked), workspace.now() < asked + patience, !workspace.signals.stop.isRaised {
      try await Task.sleep(for: .milliseconds(200))
      answer = try await client.send(.status, in: workspace)
    }
    let isEnded = try hasEnded(answer, since: asked)
    guard isEnded || !answer.manifests.areInForce else {
      throw CommandFailure(.partial, "the pass has not ended yet", hint: "look at it with: rollcall status")
    }
    workspace.show(concerned(answer), of: answer)
    let isReady = try active(answer).allSatisfy { $0[.ready].isTrue }
    return isEnded && isReady ? .success : .differences
  }

  private func concerned(_ answer: ControllerAnswer) -> [EndpointStatus] {
    answer.statuses.filter { endpoint == nil || $0.endpoint == endpoint }
  }

  /// Without manifests no pass is made.
  private func hasEnded(_ answer: ControllerAnswer, since asked: Date) throws -> Bool {
    let active = try active(answer)
    return answer.manifests.areInForce
      && active.allSatisfy { ($0.lastPass ?? .distantPast) >= asked && $0.nextPass != nil }
  }

  /// Those where a pass is made.
  /// - Throws: ``CommandFailure`` when all are suspended.
  private func active(_ answer: ControllerAnswer) throws -> [EndpointStatus] {
    let statuses = concerned(answer)
    let active = statuses.filter { !$0[.suspended].isTrue }
    guard active.isEmpty, let first = statuses.first else { return active }
    let suspended = statuses.map { "\($0.endpoint) is suspended \($0[.suspended].message)".escapingControls() }
    throw CommandFailure(
      .partial, "no pass is made: \(suspended.joined(separator: ", "))", hint: "rollcall resume \(first.endpoint)")
  }

  private func seconds(_ text: String) throws -> TimeInterval {
    guard let seconds = DurationText.seconds(text) else {
      throw CommandFailure(.usage, "--wait cannot be \"\(text)\"", hint: "a time such as 30s or 5m")
    }
    return TimeInterval(seconds)
  }
}

struct SuspendCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "suspend", abstract: "Tell the running controller to leave an endpoint alone until it is resumed.")
  static let formats = [ReportFormat.text]

  @Argument(help: "The endpoint.")
  var endpoint: String

  @Option(help: "Why, for whoever sees it later.")
  var reason = ""

  @OptionGroup var client: ClientOptions
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    _ = try await client.send(.suspend(endpoint, reason: reason), in: workspace)
    workspace.terminal.note("\(endpoint) is suspended; a pass under way ends first.")
    return .success
  }
}

struct ResumeCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Take back a suspend; a pass follows at once.")
  static let formats = [ReportFormat.text]

  @Argument(help: "The endpoint.")
  var endpoint: String

  @OptionGroup var client: ClientOptions
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    _ = try await client.send(.resume(endpoint), in: workspace)
    workspace.terminal.note("\(endpoint) is resumed.")
    return .success
  }
}

struct ApproveCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Let the plan that a guardrail refused pass once.",
    discussion: """
      Only that very plan: when the manifests or the endpoint have changed since, the guardrails decide anew. With --source \
      it lets manifests in that were held back because most of their documents are gone.
      """)
  static let formats = [ReportFormat.text]

  @Argument(help: "The endpoint.")
  var endpoint: String?

  @Option(help: "The beginning of the plan's hash, as status shows it. Without it whichever plan was refused last.")
  var plan: String?

  @Flag(help: "The manifests, not a plan.")
  var source = false

  @OptionGroup var client: ClientOptions
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    switch (endpoint, source) {
    case (let endpoint?, false):
      _ = try await client.send(.approve(endpoint, plan: plan), in: workspace)
      workspace.terminal.note("Approved: the next pass at \(endpoint) carries the plan out if it is still the same.")
    case (nil, true):
      _ = try await client.send(.approveSource, in: workspace)
      workspace.terminal.note("Approved: the manifests are in force from now on.")
    default: throw CommandFailure(.usage, "say what is approved: an endpoint, or --source")
    }
    return .success
  }
}
