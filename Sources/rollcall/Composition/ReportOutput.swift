import Foundation
import Manifests
import Reports

/// Where the report of a command goes: to standard output, to files that were asked for, and to the summary of the job where
/// there is one.
struct ReportOutput {
  private struct Destination {
    let format: ReportFormat
    let path: String
    /// Whether what others have written there stays.
    var appends = false
  }

  private let workspace: Workspace
  private let destinations: [Destination]

  /// Looks at the files before anything else is done: after an apply it would be too late to find that none can be written.
  /// - Throws: ``CommandFailure`` for an unknown format or a file that cannot be.
  init(_ workspace: Workspace, _ options: ReportOptions) throws {
    self.workspace = workspace
    var destinations = try (workspace.settings.list("report", options.reports) ?? []).sorted().map(Self.destination)
    // GitHub Actions names a file whose Markdown it shows with the job.
    if let summary = workspace.settings.environment["GITHUB_STEP_SUMMARY"], !summary.isEmpty {
      destinations.append(Destination(format: .markdown, path: summary, appends: true))
    }
    self.destinations = destinations
  }

  /// Every format that is asked for.
  var formats: Set<ReportFormat> { Set(destinations.map(\.format) + [workspace.format]) }

  /// Writes the report everywhere.
  /// - Returns: its exit status; a report that could not be written makes a success none.
  func publish(_ report: Report) -> ExitStatus {
    var status = workspace.print(report)
    for destination in destinations {
      do {
        try Self.write(report.rendered(as: destination.format), to: destination)
      } catch {
        Terminal.error("the report could not be written to \(destination.path): \(error.reason)")
        if status == .success { status = .unexpected }
      }
    }
    return status
  }

  private static func destination(_ text: String) throws -> Destination {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw CommandFailure(
        .usage, "--report \"\(text)\" is not FORMAT=FILE", hint: "for example --report html=report.html")
    }
    try checkFolder(of: parts[1], for: "report")
    return Destination(format: try ReportFormat(named: parts[0]), path: parts[1])
  }

  /// - Throws: ``CommandFailure`` when a file cannot be written there, because of its folder.
  static func checkFolder(of path: String, for what: String) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw CommandFailure(
        .usage, "no \(what) can be written to \(path): \(folder) is no folder that can be written")
    }
  }

  private static func write(_ text: String, to destination: Destination) throws {
    let file = URL(fileURLWithPath: destination.path)
    guard destination.appends, let handle = try? FileHandle(forWritingTo: file) else {
      return try Data(text.utf8).write(to: file, options: .atomic)
    }
    defer { try? handle.close() }
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
  }
}

extension ReportFormat {
  /// - Throws: ``CommandFailure`` for a name of no format.
  init(named name: String) throws {
    guard let format = ReportFormat(rawValue: name) else {
      throw CommandFailure(
        .usage, "unknown output format \"\(name)\"",
        hint: "one of \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    self = format
  }
}
