/// Where a secret is found; the manifest never holds the value itself.
package enum SecretReference: Hashable, Sendable {
  case environment(String)
  /// A path, relative to the manifest that names it; one trailing line end is not part of the secret.
  case file(String)
  /// A program and its arguments; its standard output, less one trailing line end, is the secret.
  case command([String])
  /// A value in a file that SOPS encrypted: a path, relative to the manifest, and the keys that lead to it, separated by
  /// dots.
  case sops(file: String, key: String)
  /// A value of a secret in HashiCorp Vault's KV version 2 engine: `secret/data/people` and a key in it.
  case vault(path: String, key: String)
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
