import ArgumentParser
import Reports
import Stores

/// Copies a directory while servers go on writing to it.
struct ServeBackupCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy the directory into a new file, also while a server writes to it.",
    discussion: "The copy is a whole directory of its own: serve it with --store, or put it in the place of a lost one."
  )
  static let formats = [ReportFormat.text]

  @ParentCommand var parent: ServeCommand

  @Argument(help: "The file to make; one that is there already stays as it is.")
  var file: String

  @OptionGroup var storage: StoreOptions
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let place = try DirectoryPlace(
      workspace.settings.string("store", storage.store ?? parent.store) ?? DirectoryPlace.default)
    guard case .file(let path) = place else {
      throw CommandFailure(
        .usage, "\(place) is a database of PostgreSQL, which has its own tool for backups", hint: "use pg_dump")
    }
    let backup = try DirectoryBackup(of: path).write(to: file)
    workspace.terminal.result(
      "copied \(path) to \(file): \(backup.resources) resources and \(backup.events) events, \(backup.bytes) bytes, checked"
    )
    return .success
  }
}
