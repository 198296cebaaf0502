import Foundation
import Reconciliation

/// Finds and reads manifests: files, and folders walked in the order of their names.
package enum ManifestFolder {
  /// What was found at some paths.
  package struct Contents: Sendable {
    /// Each file once, in the order of the paths that were given.
    package var sources: [ManifestSource]
    /// What could not be read.
    package var diagnostics: [Diagnostic]
  }

  private static let extensions: Set<String> = ["yaml", "yml"]

  /// Reads files, whatever they are called, and folders, of which `*.yaml` and `*.yml` count; hidden ones are left
  /// alone.
  ///
  /// - Parameters:
  ///   - paths: files and folders; `-` is standard input.
  ///   - standardInput: the bytes to use for `-`.
  package static func read(_ paths: [String], standardInput: [UInt8] = []) -> Contents {
    var walk = FolderWalk()
    for path in paths {
      if path == "-" {
        walk.contents.sources.append(ManifestSource(path: "-", bytes: standardInput))
      } else {
        walk.visit(path, isNamed: true)
      }
    }
    return walk.contents
  }

  /// The files that ``read(_:standardInput:)`` would read, unread: what a watcher looks at.
  package static func files(at paths: [String]) -> [String] {
    var walk = FolderWalk(isReading: false)
    for path in paths { walk.visit(path, isNamed: true) }
    return walk.files
  }

  /// One walk: what it found, and where it has been, by the real path, so that a link cannot lead it in circles or
  /// to the same file twice.
  private struct FolderWalk {
    var contents = Contents(sources: [], diagnostics: [])
    private(set) var files: [String] = []
    private let isReading: Bool
    private var visited: Set<String> = []

    init(isReading: Bool = true) { self.isReading = isReading }

    mutating func visit(_ path: String, isNamed: Bool) {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        return report(.unreadable, "there is no such file or folder", path)
      }
      let isManifest = isNamed || extensions.contains(URL(fileURLWithPath: path).pathExtension)
      guard isFolder.boolValue || isManifest, visited.insert(realPath(path)).inserted else { return }
      if isFolder.boolValue { visitFolder(path, isNamed: isNamed) } else { readFile(path) }
    }

    private mutating func visitFolder(_ path: String, isNamed: Bool) {
      let before = files.count
      do {
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        for name in names.sorted() where !name.hasPrefix(".") { visit(joined(path, name), isNamed: false) }
      } catch {
        return report(.unreadable, "the folder cannot be read: \(reason(error))", path)
      }
      if isNamed, files.count == before {
        report(.noManifests, "there is no *.yaml or *.yml file in this folder", path)
      }
    }

    private mutating func readFile(_ path: String) {
      files.append(path)
      guard isReading else { return }
      do {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        contents.sources.append(ManifestSource(path: path, bytes: [UInt8](data)))
      } catch {
        report(.unreadable, "the file cannot be read: \(reason(error))", path)
      }
    }

    private mutating func report(_ code: DiagnosticCode, _ message: String, _ path: String) {
      contents.diagnostics.append(
        Diagnostic(code.severity, code.rawValue, message, at: SourceLocation(file: path, line: 1)))
    }

    private func realPath(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

    private func joined(_ folder: String, _ name: String) -> String {
      folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }

    private func reason(_ error: any Error) -> String {
      let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      return (underlying ?? error as NSError).localizedDescription
    }
  }
}
