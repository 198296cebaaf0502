import Foundation

/// Makes a folder with these files for the length of the body, which gets its path.
func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "manifests-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: folder) }
  for (file, text) in files {
    let url = folder.appending(path: file)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }
  try body(folder.path)
}
