import JSON
import SCIM

extension ResourceWriter {
  /// - Throws: `SCIMError` 409 uniqueness when another resource has a value that must be unique.
  func checkUnique(_ resource: StoredResource, before: JSONObject) throws {
    for attribute in rules.unique {
      guard let value = resource.attributes[attribute.name]?.string, before[attribute.name]?.string != value else {
        continue
      }
      let key = LookupKey(attribute: attribute.name, value: value)
      let isTaken = try transaction.resources(with: key, of: resource.type).contains { other in
        guard other.id != resource.id, let taken = other.attributes[attribute.name]?.string else { return false }
        return attribute.isCaseExact ? taken == value : AccountName.areSame(taken, value)
      }
      guard !isTaken else {
        throw SCIMError(
          status: 409, .uniqueness, "There is already a \(resource.type) with the \(attribute.name) \"\(value)\".")
      }
    }
  }

  /// Makes the members of a container exactly these.
  func setMembers(_ members: [String: [String]], of id: String) throws -> MembershipChange {
    try apply(members.sorted { $0.key < $1.key }.map { ($0.key, .replaceAll($0.value)) }, to: id)
  }

  /// Applies the steps to the membership table and says what they changed.
  func apply(
    _ steps: [(attribute: String, step: MembershipPatch.Step)], to id: String,
    _ unknownMembers: UnknownMembers = .refused
  ) throws -> MembershipChange {
    var deltas: [String: MembershipDelta] = [:]
    for (attribute, step) in steps {
      let step = unknownMembers == .ignored ? try withoutUnknown(step) : step
      try deltas[attribute, default: MembershipDelta(container: id, attribute: attribute)].apply(step, transaction)
    }
    var sum = MembershipChange()
    for (_, delta) in deltas.sorted(by: { $0.key < $1.key }) {
      try checkMembers(delta)
      sum.added += delta.change.added
      sum.removed += delta.change.removed
    }
    try transaction.remove(sum.removed)
    try transaction.add(sum.added)
    return sum
  }

  private func withoutUnknown(_ step: MembershipPatch.Step) throws -> MembershipPatch.Step {
    guard case .add(let ids) = step else { return step }
    let known = Set(try transaction.summaries(of: ids).map(\.id))
    return .add(ids.filter(known.contains))
  }

  /// - Throws: `SCIMError` 400 for a newcomer that does not exist, may not stand there, or would close a circle of
  /// groups.
  private func checkMembers(_ delta: MembershipDelta) throws {
    guard !delta.newcomers.isEmpty else { return }
    let kinds = rules.memberKinds[delta.attribute] ?? []
    let fitting = Set(try transaction.summaries(of: delta.newcomers).lazy.filter { kinds.contains($0.type) }.map(\.id))
    if let stranger = delta.newcomers.first(where: { !fitting.contains($0) }) {
      let names = kinds.sorted().reversed().joined(separator: " or ")
      throw SCIMError(status: 400, .invalidValue, "\(delta.attribute): there is no \(names) with the id \(stranger).")
    }
    guard kinds.contains(rules.type.name) else { return }
    let above = Set(try MembershipGraph(transaction).places(of: delta.container).map(\.container.id))
    if let circle = delta.newcomers.first(where: { $0 == delta.container || above.contains($0) }) {
      throw SCIMError(
        status: 400, .invalidValue,
        "\(delta.attribute): \(circle) holds this \(rules.type.name) and cannot be its member.")
    }
  }

  /// Ends what a user has signed in to and allowed, when the password is another one or the account is switched off: that
  /// it is switched on again brings nothing of it back.
  func endAccess(of updated: StoredResource, before: JSONObject, _ password: PasswordChange) throws {
    guard rules.hasPassword else { return }
    let isSwitchedOff = updated.attributes["active"]?.bool == false && before["active"]?.bool != false
    if isSwitchedOff || password != .keep { try transaction.endAccess(of: updated.id) }
  }
}
