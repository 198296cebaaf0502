import ArgumentParser
import Controller
import Reports
import SCIM

/// How long a command may call endpoints.
struct DeadlineOption: ParsableArguments {
  @Option(
    help:
      "After so long no new call is begun: 30s, 10m, 1h. What is in flight is finished, what is left is reported as not done."
  )
  var deadline: String?

  /// Has the command end in good order, as Ctrl-C does, when its time is over.
  func begin(in workspace: Workspace) throws {
    guard let time = try workspace.settings.duration("deadline", deadline) else { return }
    guard time > .zero else { throw CommandFailure(.usage, "--deadline must be at least 1s") }
    let text = DurationText.text(Int(time.components.seconds))
    Task {
      try await Task.sleep(for: time)
      workspace.terminal.endProgress()
      Terminal.error("the deadline of \(text) has passed: no new call is begun")
      workspace.signals.stop.raise(because: "the deadline of \(text) has passed")
    }
  }
}
