import ArgumentParser
import Foundation
import Manifests
import Reports

/// What a new repository of manifests begins with.
struct Scaffold {
  /// Where its continuous integration runs.
  enum Forge: String, CaseIterable, ExpressibleByArgument { case github, gitlab, none }

  /// A file of it; paths are from its folder.
  struct File {
    var path: String
    var text: String

    init(_ path: String, _ text: String) {
      self.path = path
      self.text = text
    }

    fileprivate var isProgram: Bool { text.hasPrefix("#!") }
  }

  let forge: Forge
  /// The JSON Schema of its manifests.
  let schema: String

  var files: [File] {
    let own = [
      File("README.md", readme), File("rollcall.yaml", Self.settings), File(".gitignore", Self.ignored),
      File("manifest.schema.json", schema), File("manifests/endpoints.yaml", Self.endpoints),
      File("manifests/people.yaml", Self.people), File("manifests/groups.yaml", Self.groups),
    ]
    return (own + Self.preCommit + continuousIntegration).sorted { $0.path < $1.path }
  }

  private var continuousIntegration: [File] {
    switch forge {
    case .github: Self.scripts + Self.github
    case .gitlab: Self.scripts + Self.gitlab
    case .none: []
    }
  }

  /// Makes the files below a folder: all of them, or none when one of them is there already.
  /// - Throws: ``CommandFailure``.
  func write(to path: String) throws {
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    var isFolder: ObjCBool = true
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
      throw CommandFailure(.usage, "\(path) is a file, not a folder", hint: "choose a new folder: rollcall init people")
    }
    let standing = files.filter { (try? folder.appending(path: $0.path).checkResourceIsReachable()) == true }
    if let first = standing.first {
      let others = standing.count > 1 ? ", and \(standing.count - 1) more of what would be made" : ""
      throw CommandFailure(
        .usage, "\(path == "." ? "" : path + "/")\(first.path) exists already\(others): nothing was written",
        hint: "choose a new folder: rollcall init people")
    }
    do {
      for file in files {
        let url = folder.appending(path: file.path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.text.utf8).write(to: url, options: .withoutOverwriting)
        if file.isProgram { try Self.makeExecutable(url.path) }
      }
    } catch {
      throw CommandFailure(.unexpected, "cannot write to \(path): \(error.reason)")
    }
  }
  /// For whoever may read it.
  private static func makeExecutable(_ path: String) throws {
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0o600
    try FileManager.default.setAttributes([.posixPermissions: mode | (mode & 0o444) >> 2], ofItemAtPath: path)
  }
}
