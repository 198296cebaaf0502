import JSON
import SCIM

/// One write with the resource before and after it, as the audit shows it.
package struct DirectoryChange: Hashable, Sendable {
  package var event: DirectoryEvent
  /// The attributes before, without secrets and members; nil for a create.
  package var before: JSONObject?
  /// The attributes after, without secrets and members; nil for a delete.
  package var after: JSONObject?

  package init(event: DirectoryEvent, before: JSONObject?, after: JSONObject?) {
    self.event = event
    self.before = before
    self.after = after
  }

  /// Whether a secret is all that it changed, as with a new secret of an application: no other write leaves everything that may
  /// be told as it was.
  package var changesSecretOnly: Bool {
    event.action == .update && before != nil && before == after && event.membership.isEmpty && !event.changesPassword
  }
}

/// Tells what resources were, backwards from what they are: a write that kept only what it changed is undone. Within one
/// transaction.
struct ResourceHistory {
  private let reader: any DirectoryReader
  private let rules: [String: ResourceRules]

  /// - Parameter catalog: the schemas that the store keeps come to it, for they say what is secret.
  init(_ reader: any DirectoryReader, catalog: SchemaCatalog) throws {
    self.reader = reader
    rules = ResourceRules.all(of: catalog.extended(by: try reader.keptSchemas().map(\.schema)))
  }

  /// - Parameter events: oldest first, and none left out between two of the same resource.
  func changes(_ events: [DirectoryEvent]) throws -> [DirectoryChange] {
    var known: [String: JSONObject] = [:]
    var changes: [DirectoryChange] = []
    for event in events.reversed() {
      let (before, after) = try attributes(around: event, known[event.id])
      known[event.id] = before
      let rules = rules[event.resourceType]
      changes.append(
        DirectoryChange(
          event: event, before: before.map { rules?.withSchemas($0) ?? $0 },
          after: after.map { rules?.withSchemas($0) ?? $0 }))
    }
    return changes.reversed()
  }

  /// - Parameter known: the attributes after the event, when the next one has told them.
  private func attributes(
    around event: DirectoryEvent, _ known: JSONObject?
  ) throws -> (before: JSONObject?, after: JSONObject?) {
    switch event.attributes {
    case .whole(let before, let after): return (before, after)
    case .difference(let difference):
      let after = try known ?? attributes(after: event)
      return (event.action == .create ? nil : difference.undone(in: after), after)
    }
  }

  /// What the next event that kept the whole says that the resource was before it, or else what it is, with all changes
  /// until then undone.
  private func attributes(after event: DirectoryEvent) throws -> JSONObject {
    var differences: [AttributeDifference] = []
    for later in try reader.changes(of: event.id, after: event.sequence, limit: AttributeRecord.wholeInterval) {
      switch later.attributes {
      case .difference(let difference): differences.append(difference)
      case .whole(let before, _): return Self.undoing(differences, in: before ?? [:])
      }
    }
    return Self.undoing(differences, in: try current(event))
  }

  private static func undoing(_ differences: [AttributeDifference], in attributes: JSONObject) -> JSONObject {
    differences.reversed().reduce(attributes) { $1.undone(in: $0) }
  }

  /// What the record of changes may tell of the resource as it is.
  private func current(_ event: DirectoryEvent) throws -> JSONObject {
    guard let stored = try reader.resource(event.resourceType, event.id) else { return [:] }
    if event.resourceType == KeptSchema.type { return stored.attributes }
    return rules[event.resourceType]?.withoutSecrets(stored.attributes) ?? [:]
  }
}
