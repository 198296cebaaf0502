import ArgumentParser
import Controller
import JSON
import Reconciliation
import Reports

struct StatusCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "How every endpoint fares under the running controller.",
    discussion: """
      Exits 2 when an endpoint is not as the manifests ask, suspended ones left out, and when no manifests are in force.
      """)
  static let formats = [ReportFormat.text, .json]

  @Argument(help: "Only this endpoint.")
  var endpoint: String?

  @OptionGroup var client: ClientOptions
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let answer = try await client.send(.status, in: workspace)
    let statuses = answer.statuses.filter { endpoint == nil || $0.endpoint == endpoint }
    if let endpoint, statuses.isEmpty {
      throw CommandFailure(.usage, "there is no endpoint \"\(endpoint)\" here", hint: answer.endpointsInWords)
    }
    for warning in answer.warnings { workspace.warn(warning) }
    workspace.show(statuses, of: answer)
    let isAsAsked = statuses.allSatisfy { $0[.ready].isTrue || $0[.suspended].isTrue }
    return answer.manifests.areInForce && isAsAsked ? .success : .differences
  }
}

extension Workspace {
  /// Shows how these endpoints fare, of all that a controller has told of.
  func show(_ statuses: [EndpointStatus], of answer: ControllerAnswer) {
    guard format == .json else {
      return terminal.result(StatusText(statuses, under: answer.manifests, now: now()).rendered(terminal.style))
    }
    var json = answer.json
    json["endpoints"] = .array(statuses.map { .object($0.json) })
    terminal.result(JSONValue.object(json).pretty())
  }
}
