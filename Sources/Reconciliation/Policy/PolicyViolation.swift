/// One breach of one rule of a policy by a manifest.
package struct PolicyViolation: Hashable, Sendable {
  package enum Breach: Hashable, Sendable {
    /// The document of a protected identity asks for what may not be done to it; what.
    case protected(String)
    /// Somebody would be in two groups that are to be apart.
    case separated(first: [ResourceKey], second: [ResourceKey])
    /// The folder does not allow the document; its pattern, and what it allows.
    case misplaced(in: PathPattern, allowed: String)
    /// The name belongs to another folder.
    case reserved(for: PathPattern)
    /// A filter matches.
    case denied(String)
  }

  package var policy: String
  /// The document at fault; of a separation the person.
  package var key: ResourceKey
  package var breach: Breach
  /// Where the rule stands.
  package var rule: SourceLocation
}

/// A document with the place of its file.
package struct PlacedDocument: Hashable, Sendable {
  package var key: ResourceKey
  /// What a rule may call its kind: `Device`, and `Resource` as well.
  package var kinds: Set<String>
  /// From the folder that was read: `groups/aws.yaml`.
  package var path: String

  package init(_ key: ResourceKey, kinds: Set<String>, path: String) {
    self.key = key
    self.kinds = kinds
    self.path = path
  }
}
