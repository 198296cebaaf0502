import Foundation
import Reconciliation
import Reports

extension Pass {
  /// Shows the plan and asks, unless there is nothing to ask.
  /// - Parameter yes: whether not to ask was said on the command line.
  /// - Throws: ``CommandFailure`` when nobody agrees.
  func agreed(to report: Report, verb: String, yes: Bool) throws -> Bool {
    guard report.plan?.isEmpty == false, !(try workspace.settings.bool("yes", yes)) else { return true }
    guard workspace.terminal.isInteractive else {
      throw CommandFailure(
        .usage, "\(verb) would make changes and there is no terminal to ask", hint: "look at the plan, then add --yes")
    }
    var preview = report
    preview.verb = .plan
    workspace.terminal.note(preview.rendered(as: .text, style: workspace.terminal.style))
    guard workspace.terminal.confirm("Make these changes?") else {
      throw CommandFailure(.refused, "not agreed: nothing was changed")
    }
    return true
  }
}
