import ArgumentParser
import Controller
import Endpoints
import Foundation
import Manifests
import Reconciliation
import Reports

struct NotifyCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "notify", abstract: "Send a test message over the notifications of the manifests.",
    discussion: "Exits 7 when one of them could not be delivered.")
  static let formats = [ReportFormat.text]

  @Argument(help: "Which notifications, by name. Default: all.")
  var names: [String] = []

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let compilation = try await workspace.compile(manifests)
    guard compilation.isValid else { return workspace.print(Report(verb: .validate, compilation.validation)) }
    var status = ExitStatus.success
    for declaration in try chosen(compilation.desiredState.notifications) {
      let message = NotificationMessage.test(
        over: declaration.name, id: UUID().uuidString.lowercased(), at: workspace.now())
      do throws(EndpointError) {
        try await workspace.notificationChannels.deliver(message, over: declaration)
        workspace.terminal.result("\(declaration.name): delivered")
      } catch {
        Terminal.error("\(declaration.name): not delivered: \(error.message)")
        status = .unreachable
      }
    }
    return status
  }

  private func chosen(_ declared: [NotificationDeclaration]) throws -> [NotificationDeclaration] {
    let known = declared.map(\.name)
    if let stranger = names.first(where: { !known.contains($0) }) {
      throw CommandFailure(
        .usage, "there is no notification \"\(stranger)\" in the manifests",
        hint: known.isEmpty ? "there is none at all" : "there is \(known.joined(separator: ", "))")
    }
    if declared.isEmpty { throw CommandFailure(.usage, "the manifests have no document of kind Notification") }
    return names.isEmpty ? declared : declared.filter { names.contains($0.name) }
  }
}
