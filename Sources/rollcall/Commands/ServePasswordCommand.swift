import ArgumentParser
import Foundation
import JSON
import LocalDirectory
import Reports
import SCIM

struct ServePasswordCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "passwd", abstract: "Set the password of a user; a running server asks for the new one at once.",
    discussion: "Reads the new password from standard input, one line, and does not show it on a terminal.")
  static let formats = [ReportFormat.text]

  @Argument(help: "The userName.")
  var user: String

  @Option(name: .customLong("password-env"), help: "The environment variable with the new password.")
  var variable: String?

  @OptionGroup var passwords: PasswordOptions
  @OptionGroup var storage: StoreOptions
  @ParentCommand var parent: ServeCommand
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let settings = workspace.settings
    let path = storage.place(parent, settings)
    let directory = try workspace.directory(
      over: try workspace.store(at: path), at: path, try settings.passwordPolicy(passwords))
    guard let id = try await id(in: directory) else {
      throw CommandFailure(.usage, "there is no user \(user) in \(path)")
    }
    let password = try await password(workspace)
    guard let password, !password.isEmpty else {
      throw CommandFailure(.usage, "no password was given", hint: "write it to standard input, or name --password-env")
    }
    do {
      try await directory.setPassword(password, of: id, by: workspace.operatorAuthor)
    } catch let error as SCIMError {
      throw CommandFailure(.usage, error.detail)
    }
    workspace.terminal.note("\(user) has a new password.")
    return .success
  }

  private func password(_ workspace: Workspace) async throws -> String? {
    if let variable { return try workspace.settings.secret(variable) }
    let typed = await workspace.terminal.secret("New password for \(user): ", until: workspace.signals.stop)
    try workspace.signals.check("no password was set")
    return typed
  }

  private func id(in directory: Directory) async throws -> String? {
    guard let users = directory.catalog.resourceType("User") else { return nil }
    let sameName = Filter.compare(AttributePath("userName"), .equal, .string(user))
    return try await directory.list(type: users, ListQuery(filter: sameName, count: 1)).resources.first?.id
  }
}
