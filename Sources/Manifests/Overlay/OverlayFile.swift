import Foundation
import Reconciliation

/// The overlay of a folder, found without a look at the other documents.
struct OverlayFile {
  var path: String
  var draft: OverlayReader.Draft

  /// nil when no overlay stands in the file. What is wrong with it is told when it is compiled.
  init?(at path: String) {
    guard !ManifestSource.isStream(path), let bytes = try? ManifestSource(path: path).bytes(),
      Self.mayHoldOverlay(bytes)
    else { return nil }
    let scope = FileScope(FilePart(path: path))
    var yaml = YAMLReader(bytes)
    while true {
      do throws(YAMLError) {
        guard let document = try yaml.next() else { return nil }
        guard let root = document.root, root.isOverlay, let spec = root["spec"] else { continue }
        guard let draft = OverlayReader(scope: scope).read(spec, location: scope.location(root.mark)) else {
          return nil
        }
        self.path = path
        self.draft = draft
        return
      } catch {
        if error.code.endsFile { return nil }
      }
    }
  }

  /// Most files hold none, and need not be read.
  private static func mayHoldOverlay(_ bytes: [UInt8]) -> Bool {
    let word = Array(ManifestKind.overlay.rawValue.utf8)
    return bytes.withUnsafeBufferPointer { text in
      var rest = text[...]
      while let start = rest.firstIndex(of: word[0]) {
        if rest[start...].starts(with: word) { return true }
        rest = rest[(start + 1)...]
      }
      return false
    }
  }
}
