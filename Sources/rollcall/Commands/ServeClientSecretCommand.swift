import ArgumentParser
import IdentityServer
import JSON
import LocalDirectory
import OpenID
import Reports
import SCIM

struct ServeClientSecretCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "client-secret",
    abstract: "Make a new secret for an application and print it, this once; the one that it has is worth nothing then."
  )
  static let formats = [ReportFormat.text, .json]

  @Argument(help: "The client identifier of the application.")
  var client: String

  @OptionGroup var storage: StoreOptions
  @ParentCommand var parent: ServeCommand
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let path = storage.place(parent, workspace.settings)
    let directory = try await workspace.directory(over: try workspace.store(at: path), at: path).extended()
    guard let secret = try await renew(in: directory, by: workspace.operatorAuthor) else {
      throw CommandFailure(
        .usage, "there is no application with the client identifier \(client)",
        hint: "applications are service providers with `inbound.openidconnect`")
    }
    if workspace.format == .json {
      workspace.terminal.result(
        JSONValue.object(["client_id": .string(client), "client_secret": .string(secret.text)]).pretty())
    } else {
      workspace.terminal.result(secret.text)
    }
    workspace.terminal.note("Keep this secret: it is shown only now.")
    return .success
  }

  private func renew(in directory: Directory, by author: Author) async throws -> TokenSecret? {
    do {
      return try await ClientSecrets(directory).renew(client, by: author)
    } catch let error as SCIMError {
      throw CommandFailure(.unexpected, "\(client) gets no secret: \(error.detail)")
    }
  }
}
