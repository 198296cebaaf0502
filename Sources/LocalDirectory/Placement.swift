import JSON
import SCIM

/// A group or role that a resource goes into, or leaves.
package struct Placement: Hashable, Sendable {
  package var type: ResourceType
  package var id: String

  package init(type: ResourceType, id: String) {
    self.type = type
    self.id = id
  }
}

extension Directory {
  /// Takes a resource out of groups and roles and puts it into others, all in one transaction.
  /// - Throws: `SCIMError` 404 when the resource or one of the places does not exist, 400 for a place that cannot hold it.
  package func move(
    _ id: String, of type: ResourceType, outOf left: [Placement], into entered: [Placement], by author: Author
  ) async throws {
    let typeRules = try rules(for: type)
    let time = Timestamp.truncated(now())
    try await store.write { [rules] transaction in
      let writer = ResourceWriter(transaction, rules: rules, of: typeRules, time: time, author: author)
      _ = try writer.existing(id, ifMatch: nil)
      try writer.place(id, outOf: left, into: entered)
    }
    try await observer?.committed(CommittedWrite(type: type.name, id: id, author: author))
  }
}

extension ResourceWriter {
  /// Takes a resource of this writer's type out of groups and roles and puts it into others.
  /// - Throws: `SCIMError` as ``Directory/move(_:of:outOf:into:by:)``.
  func place(_ id: String, outOf left: [Placement] = [], into entered: [Placement]) throws {
    for place in left { try change(place, .remove, id) }
    for place in entered { try change(place, .add, id) }
  }

  private func change(_ place: Placement, _ verb: PatchOperation.Verb, _ id: String) throws {
    guard let holder = writer(of: place.type.name),
      let attribute = rules.catalog.membershipAttribute(of: place.type, for: rules.type.name)
    else {
      throw SCIMError(status: 400, .invalidValue, "A \(place.type.name) does not hold a \(rules.type.name).")
    }
    let operation = PatchOperation(verb, AttributePath(attribute), value: [["value": .string(id)]])
    _ = try holder.patch(try holder.existing(place.id, ifMatch: nil), with: [operation], password: .keep)
  }
}
