import ArgumentParser
import Controller
import Foundation
import Reports

/// Where a controller listens, and where its commands find it.
struct ControllerOptions: ParsableArguments {
  static let defaultSocket = ".rollcall/controller.sock"

  @Option(help: "The Unix socket of the controller. Default: .rollcall/controller.sock.")
  var socket: String?

  @Option(
    name: .customLong("api-token-env"),
    help: "The environment variable with the bearer token of the controller's HTTP API.")
  var tokenVariable: String?

  func socket(_ settings: Settings) -> String { settings.string("socket", socket) ?? Self.defaultSocket }

  /// nil where no variable is named.
  func token(_ settings: Settings) throws -> String? {
    try settings.string("api-token-env", tokenVariable).map { try settings.secret($0) }
  }
}

/// How the commands that talk to a controller reach it.
struct ClientOptions: ParsableArguments {
  @OptionGroup var controller: ControllerOptions

  @Option(help: "The address of the controller's HTTP API instead of its socket: http://host:9464.")
  var server: String?

  /// Sends the call and returns the answer.
  /// - Throws: ``CommandFailure``.
  func send(_ call: ControllerCall, in workspace: Workspace) async throws -> ControllerAnswer {
    let client = ControllerClient(try address(workspace.settings))
    let answer: Result<ControllerAnswer, ControllerClient.Failure>
    do throws(ControllerClient.Failure) {
      answer = .success(ControllerAnswer(try await client.send(call, by: workspace.actor)))
    } catch {
      answer = .failure(error)
    }
    await client.close()
    do {
      return try answer.get()
    } catch {
      throw failure(error, workspace.settings)
    }
  }

  private func address(_ settings: Settings) throws -> ControllerClient.Address {
    guard let url = settings.string("server", server) else { return .socket(controller.socket(settings)) }
    guard let parts = URLComponents(string: url), ["http", "https"].contains(parts.scheme?.lowercased()),
      parts.host?.isEmpty == false
    else {
      throw CommandFailure(.usage, "--server is an URL, and \"\(url)\" is none", hint: "such as http://127.0.0.1:9464")
    }
    guard let token = try controller.token(settings) else {
      throw CommandFailure(.usage, "--server needs a token", hint: "name its variable with --api-token-env")
    }
    return .server(url: url, token: token)
  }

  private func failure(_ failure: ControllerClient.Failure, _ settings: Settings) -> CommandFailure {
    switch failure {
    case .notRunning: return silence(settings)
    case .refused(let status, let message): return CommandFailure(status == 409 ? .refused : .usage, message)
    case .malformed(let message): return CommandFailure(.unexpected, message)
    }
  }

  private func silence(_ settings: Settings) -> CommandFailure {
    if let url = settings.string("server", server) {
      return CommandFailure(
        .unreachable, "no controller answers at \(url)", hint: "start one with: rollcall run --listen HOST:PORT")
    }
    let socket = controller.socket(settings)
    if FileAccess(to: socket, for: W_OK) == .denied {
      return CommandFailure(
        .unreachable, "the controller's socket \(socket) may not be used: permission denied",
        hint: "ask as the user who runs the controller, or over its HTTP API with --server")
    }
    return CommandFailure(
      .unreachable, "no controller answers at \(socket)", hint: "start one with: rollcall run --socket PATH")
  }
}
