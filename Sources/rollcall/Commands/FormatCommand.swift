import ArgumentParser
import Foundation
import Manifests
import Reconciliation
import Reports

struct FormatCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "fmt", abstract: "Bring the manifests into their canonical layout; comments and meaning stay.",
    discussion: """
      Prints the names of the files that it changes. With -f - it reads standard input and writes standard output. \
      A file that cannot be read as YAML is left as it is, and its faults are shown.
      """)
  static let formats = [ReportFormat.text]

  @Flag(help: "Change nothing: show what differs, and exit 2 when anything does.")
  var check = false

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let contents = try workspace.manifestContents(manifests)
    var faults = contents.diagnostics
    var changed = false
    for source in contents.sources {
      switch ManifestFormatter.format(source) {
      case .formatted(let bytes): if try publish(bytes, of: source, workspace) { changed = true }
      case .faulty(let diagnostics): faults += diagnostics
      case .unsupported:
        throw CommandFailure(.unexpected, "\(source.path): no layout says the same; the file is left as it is")
      }
    }
    guard faults.isEmpty else {
      Terminal.show(faults.rendered(style: .plain))
      return .invalidManifests
    }
    return check && changed ? .differences : .success
  }

  /// Writes what is new about a file, or shows it.
  /// - Returns: whether there is anything.
  private func publish(_ bytes: [UInt8], of source: ManifestSource, _ workspace: Workspace) throws -> Bool {
    let old = try source.bytes()
    let isChanged = old != bytes
    if check {
      guard isChanged else { return false }
      let texts = (String(decoding: old, as: UTF8.self), String(decoding: bytes, as: UTF8.self))
      let diff = UnifiedDiff.text(of: source.path, from: texts.0, to: texts.1)
      workspace.terminal.result(source.path + "\n" + diff)
    } else if case .bytes = source.content {
      workspace.terminal.result(bytes)
    } else if isChanged {
      do {
        try ManifestFile.replace(source.path, with: bytes)
      } catch {
        throw CommandFailure(.unexpected, "cannot write \(source.path): \(error.reason)")
      }
      workspace.terminal.result(source.path)
    }
    return isChanged
  }
}
