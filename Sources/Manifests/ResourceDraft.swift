import Reconciliation

/// A resource as its own document has it, before the documents know of each other.
struct ResourceDraft: Sendable {
  /// Complete but for the members.
  var resource: DesiredResource
  var part: FilePart
  var nameMark: YAMLMark
  /// Where the userName or displayName stands.
  var namingMark: YAMLMark?
  var externalIdMark: YAMLMark?
  var references: [AttributeWalker.PendingReference] = []
  var members: MembersDraft?

  var key: ResourceKey { resource.key }

  func location(_ mark: YAMLMark) -> SourceLocation { part.location(mark) }
}

/// An endpoint with the place of its name.
struct EndpointDraft: Sendable {
  var declaration: EndpointDeclaration
  var part: FilePart
  var nameMark: YAMLMark
}
