import Foundation
import Reconciliation
import Reports

extension Pass {
  /// Shows the plan and asks, unless there is nothing to ask.
  /// - Parameter yes: whether not to ask was said on the command line.
  /// - Throws: ``CommandFailure`` when nobody agrees.
  func agreed(to report: Report, verb: String, yes: Bool) async throws -> Bool {
    guard report.plan?.isEmpty == false, !(try workspace.settings.bool("yes", yes)) else { return true }
    guard workspace.terminal.isInteractive else {
      throw CommandFailure(
        .usage, "\(verb) would make changes and there is no terminal to ask", hint: "look at the plan, then add --yes")
    }
    var preview = report
    preview.verb = .plan
    workspace.terminal.note(preview.rendered(as: .text, style: workspace.terminal.style))
    try await workspace.agreement(to: "Make these changes?", orElse: "nothing was changed")
    return true
  }
}

extension Workspace {
  /// Asks the person at the terminal.
  /// - Parameter consequence: what a no, or Ctrl-C, means: `nothing was changed`.
  /// - Throws: ``CommandFailure`` without an agreement: a no ends a command as Ctrl-C does.
  func agreement(to question: String, orElse consequence: String) async throws {
    let isAgreed = await terminal.confirm(question, until: signals.stop)
    try signals.check(consequence)
    guard isAgreed == true else { throw CommandFailure(.interrupted, "not agreed: \(consequence)") }
  }
}
