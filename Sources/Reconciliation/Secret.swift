/// Where a secret is found; the manifest never holds the value itself.
package enum SecretReference: Hashable, Sendable {
  case environment(String)
  /// A path, relative to the manifest that names it; one trailing line end is not part of the secret.
  case file(String)
  /// A program and its arguments; its standard output, less one trailing line end, is the secret.
  case command([String])
  /// Written out in the manifest: `samples` only, with a warning.
  case literal(Secret)
}

/// A value that never shows: printing, interpolating or dumping it gives `•••`.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The value itself, for the one call that sends it.
  package let revealed: String

  package init(_ value: String) { revealed = value }

  package var description: String { "•••" }
  package var debugDescription: String { "•••" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
