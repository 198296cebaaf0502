import JSON
import Reconciliation

/// A resource as its own document has it, before the documents know of each other.
struct ResourceDraft: Sendable {
  /// Complete but for the members.
  var resource: DesiredResource
  var part: FilePart
  var nameMark: YAMLMark
  /// The userName or displayName.
  var naming: UniqueValue?
  var externalId: UniqueValue?
  var references: [AttributeWalker.PendingReference] = []
  @Rare var members: MembersDraft?

  var key: ResourceKey { resource.key }

  func location(_ mark: YAMLMark) -> SourceLocation { part.location(mark) }
}

/// A value that no two resources of a kind may share, and where it stands; nil text is a value that was refused.
struct UniqueValue: Sendable {
  var text: String?
  var mark: YAMLMark
}

/// What is kept of a document once it has been read.
enum DraftExtent: Sendable {
  /// All that a plan needs.
  case everything
  /// What the documents know each other by: enough to find every fault.
  case names
}

extension ResourceDraft {
  func reduced(to extent: DraftExtent) -> ResourceDraft {
    guard extent == .names else { return self }
    var draft = self
    draft.resource.attributes = [:]
    draft.resource.secrets = [:]
    draft.resource.secretLocations = [:]
    return draft
  }
}

/// An endpoint with the place of its name.
struct EndpointDraft: Sendable {
  var declaration: EndpointDeclaration
  var part: FilePart
  var nameMark: YAMLMark
  /// Where each entry of `dependsOn` stands.
  var dependencyMarks: [YAMLMark] = []
}
