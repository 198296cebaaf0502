/// The bytes of one manifest file, under the name that the user knows it by.
package struct ManifestSource: Hashable, Sendable {
  /// As diagnostics show it: `people/platform.yaml`; `-` for standard input.
  package var path: String
  package var bytes: [UInt8]

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}
