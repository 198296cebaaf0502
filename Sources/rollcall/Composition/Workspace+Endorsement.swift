import Foundation
import Manifests
import Reconciliation
import Reports

extension Workspace {
  /// Who stands behind the change: as the options say, else the author whom Git names. Only looked up where a policy asks.
  func endorsement(
    _ options: EndorsementOptions, of compilation: Compilation, _ manifests: ManifestOptions
  ) throws -> Endorsement {
    let approvals = try settings.value("approvals", options.approvals)
    if let approvals, approvals < 0 { throw CommandFailure(.usage, "--approvals must not be negative") }
    guard compilation.desiredState.policies.contains(where: { $0.tiers.contains(where: \.authorMayNotBenefit) }) else {
      return Endorsement(approvals: approvals)
    }
    let named = settings.list("author", options.author)?.sorted()
    let names = try named ?? GitAuthor.name(of: paths(manifests), environment: settings.environment).map { [$0] } ?? []
    return Endorsement(
      approvals: approvals, authors: names.map { .init($0, compilation.desiredState.user(called: $0)) })
  }
}

/// Whom Git calls the author of the newest commit that touches some files.
enum GitAuthor {
  /// The e-mail address; nil where there is no Git, no repository or no commit. Merges do not count: who merges is not who
  /// wrote.
  static func name(of paths: [String], environment: [String: String]) -> String? {
    let files = paths.filter { $0 != "-" }.map { URL(fileURLWithPath: $0).standardizedFileURL }
    guard let first = files.first else { return nil }
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: first.path, isDirectory: &isFolder)
    let folder = isFolder.boolValue ? first : first.deletingLastPathComponent()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["git", "-C", folder.path, "log", "-1", "--no-merges", "--format=%aE", "--"] + files.map(\.path)
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    guard (try? process.run()) != nil else { return nil }
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let author = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return process.terminationStatus == 0 && !author.isEmpty ? author : nil
  }
}
