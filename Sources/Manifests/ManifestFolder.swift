import Foundation
import Reconciliation

/// Finds manifests: files, and folders walked in the order of their names.
package enum ManifestFolder {
  /// What the file with the settings of the program is called. It is never a manifest, wherever it lies.
  package static let settingsFile = "rollcall.yaml"

  /// What was found at some paths.
  package struct Contents: Sendable {
    /// Each file once, in the order of the paths that were given; not yet read.
    package var sources: [ManifestSource]
    /// What is not there.
    package var diagnostics: [Diagnostic]

    /// What is wrong beside the documents, once those are counted: a file that was emptied by mistake is valid YAML.
    package func diagnostics(with documents: Int) -> [Diagnostic] {
      guard documents == 0, diagnostics.isEmpty, let first = sources.first else { return diagnostics }
      let what = sources.count == 1 ? "there is no document in this file" : "there is no document in any of the files"
      return [.unreadable(first.path, what, .noManifests)]
    }
  }

  /// Finds files, whatever they are called, and folders, of which `*.yaml` and `*.yml` count; hidden ones, and
  /// the settings file, are left alone. A folder with an overlay in it, and a file that is one, bring what the overlay stands on as well.
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
}
