import JSON
import SCIM

/// The operations of a PATCH, split into those on members, which become set operations on the membership table, and the
/// rest, which are applied to the document.
struct MembershipPatch {
  enum Step {
    case add([String])
    case remove([String])
    case replaceAll([String])
  }

  private(set) var steps: [(attribute: String, step: Step)] = []
  private(set) var rest: [PatchOperation] = []

  /// nil when an operation says something about members that only their whole list can answer:
  /// `remove members[type eq "User"]`.
  /// - Throws: `SCIMError` 400 for values that are no members.
  init?(_ operations: [PatchOperation], rules: ResourceRules) throws(SCIMError) {
    for operation in operations {
      guard let path = operation.path else {
        try splitObject(operation, rules)
        continue
      }
      guard let attribute = rules.memberAttribute(path.attribute) else {
        rest.append(operation)
        continue
      }
      guard let step = try Self.step(operation, path, attribute) else { return nil }
      steps.append((attribute, step))
    }
  }

  /// Takes the members out of an operation without a path.
  private mutating func splitObject(_ operation: PatchOperation, _ rules: ResourceRules) throws(SCIMError) {
    guard var object = operation.value?.object, operation.verb != .remove else {
      rest.append(operation)
      return
    }
    for attribute in rules.memberAttributes {
      guard let key = object.spelling(of: attribute) else { continue }
      let ids = try MemberValues.ids(in: object[key], attribute: attribute)
      steps.append((attribute, operation.verb == .add ? .add(ids) : .replaceAll(ids)))
      object[key] = nil
    }
    guard !object.isEmpty else { return }
    var operation = operation
    operation.value = .object(object)
    rest.append(operation)
  }

  private static func step(
    _ operation: PatchOperation, _ path: AttributePath, _ attribute: String
  ) throws(SCIMError) -> Step? {
    guard path.subAttribute == nil else { return nil }
    if let filter = path.valueFilter {
      return operation.verb == .remove ? namedIDs(filter).map(Step.remove) : nil
    }
    switch operation.verb {
    case .add: return .add(try MemberValues.ids(in: operation.value, attribute: attribute))
    case .replace: return .replaceAll(try MemberValues.ids(in: operation.value, attribute: attribute))
    case .remove:
      guard let value = operation.value, !value.isNull else { return .replaceAll([]) }
      return .remove(try MemberValues.ids(in: value, attribute: attribute))
    }
  }

  /// The ids that a filter names: `value eq "a" or value eq "b"`; nil for every other filter.
  private static func namedIDs(_ filter: Filter) -> [String]? {
    switch filter {
    case .compare(let path, .equal, .string(let id))
    where path.attribute.lowercased() == "value" && path.subAttribute == nil:
      return [id]
    case .or(let a, let b):
      guard let a = namedIDs(a), let b = namedIDs(b) else { return nil }
      return a + b
    default: return nil
    }
  }
}
