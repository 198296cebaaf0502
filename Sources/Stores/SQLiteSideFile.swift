import Foundation
import GRDB

/// The file beside a file of ours in which SQLite keeps what was written last.
package enum SQLiteSideFile {
  /// Moves what it holds into the file itself, so that this alone is whole, as whoever copies it expects. Closing the last
  /// connection does the same, but a process may end before. What others are busy with is left to them.
  package static func merge(into path: String) {
    guard [path, path + "-wal"].allSatisfy(FileManager.default.fileExists(atPath:)) else { return }
    // Nothing is lost without it: whoever opens the file next finds both.
    try? DatabaseQueue(path: path).writeWithoutTransaction { _ = try $0.checkpoint(.passive) }
  }
}
