import Foundation
import Reconciliation

/// Finds manifests: files, and folders walked in the order of their names.
package enum ManifestFolder {
  /// What was found at some paths.
  package struct Contents: Sendable {
    /// Each file once, in the order of the paths that were given; not yet read.
    package var sources: [ManifestSource]
    /// What is not there.
    package var diagnostics: [Diagnostic]
  }

  private static let extensions: Set<String> = ["yaml", "yml"]

  /// Finds files, whatever they are called, and folders, of which `*.yaml` and `*.yml` count; hidden ones are left
  /// alone.
  ///
  /// - Parameters:
  ///   - paths: files and folders; `-` is standard input.
  ///   - standardInput: the bytes to use for `-`.
  package static func contents(of paths: [String], standardInput: [UInt8] = []) -> Contents {
    var walk = FolderWalk()
    for path in paths {
      if path == "-" {
        walk.contents.sources.append(ManifestSource(path: "-", bytes: standardInput))
      } else {
        walk.visit(path, place: "")
      }
    }
    return walk.contents
  }

  /// One walk: what it found, and where it has been, by the real path, so that a link cannot lead it in circles or
  /// to the same file twice.
  private struct FolderWalk {
    var contents = Contents(sources: [], diagnostics: [])
    private var visited: Set<String> = []

    /// - Parameter place: where it lies in the folder that was named; empty for what was named itself.
    mutating func visit(_ path: String, place: String) {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        return report(.unreadable, "there is no such file or folder", path)
      }
      let isManifest = place.isEmpty || extensions.contains(URL(fileURLWithPath: path).pathExtension)
      guard isFolder.boolValue || isManifest, visited.insert(realPath(path)).inserted else { return }
      if isFolder.boolValue {
        visitFolder(path, place: place)
      } else {
        contents.sources.append(ManifestSource(path: path, place: place.isEmpty ? nil : place))
      }
    }

    private mutating func visitFolder(_ path: String, place: String) {
      let before = contents.sources.count
      do {
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        for name in names.sorted() where !name.hasPrefix(".") {
          visit(joined(path, name), place: place.isEmpty ? name : "\(place)/\(name)")
        }
      } catch {
        return report(.unreadable, "the folder cannot be read: \(error.reason)", path)
      }
      if place.isEmpty, contents.sources.count == before {
        report(.noManifests, "there is no *.yaml or *.yml file in this folder", path)
      }
    }

    private mutating func report(_ code: DiagnosticCode, _ message: String, _ path: String) {
      contents.diagnostics.append(.unreadable(path, message, code))
    }

    private func realPath(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

    private func joined(_ folder: String, _ name: String) -> String {
      folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }
  }
}
