import JSON
import SCIM

extension UserMapping {
  /// What a change of a user writes.
  struct Change: Hashable, Sendable {
    /// The fields of the record, profiles and user roles by name.
    var record = JSONObject()
    var password: String?
  }

  /// The fields that the operations set; nil when that depends on what is there, as for a part of a list.
  /// - Throws: `rejected` for an attribute that there is no field for.
  func change(_ operations: [PatchOperation]) throws(EndpointError) -> Change? {
    var change = Change()
    for operation in operations {
      guard let path = operation.path, path.valueFilter == nil else { return nil }
      if path.isSame(as: AttributePath("password")) {
        change.password = operation.verb == .remove ? nil : operation.value?.string
        continue
      }
      guard let fields = try values(operation, at: path) else { return nil }
      for field in fields { change.record[field.key] = field.value }
    }
    return change
  }

  private func values(_ operation: PatchOperation, at path: AttributePath) throws(EndpointError) -> JSONObject? {
    let whole = AttributePath(schema: path.schema, path.attribute)
    guard let attribute = attributes.first(where: { $0.isSame(as: whole) }) else {
      throw EndpointError(.rejected, "a user of Salesforce has no attribute \(path)")
    }
    let isList = elementLimits[attribute.attribute] != nil && attribute.schema == nil
    if isList, path.subAttribute != nil || operation.verb == .add { return nil }
    let value = operation.verb == .remove ? nil : operation.value
    guard let part = path.subAttribute else { return values(of: attribute, set: value) }
    return values(of: attribute, set: .object([part: value ?? .null]))
  }

  /// The fields by which a user becomes another.
  func difference(from current: JSONObject, to wanted: JSONObject) -> JSONObject {
    let before = record(current)
    let after = record(wanted)
    var difference = JSONObject()
    for field in fields where (before[field.name] ?? .null) != (after[field.name] ?? .null) {
      difference[field.name] = after[field.name] ?? .null
    }
    return difference
  }

  /// Attributes without those that no user is without, when the record would lose them: silence does not take them away.
  func withoutLosses(_ record: JSONObject) -> JSONObject {
    let kept = Set(fields.filter { $0.isRequired || $0.form == .flag }.map(\.name))
    return JSONObject(uniqueMembers: record.members.filter { !$0.value.isNull || !kept.contains($0.key) })
  }
}
