import JSON
import SCIM

/// What a request wants of one resource, taken apart by the calls that it takes: attributes, state, password.
struct SPMLDraft: Sendable {
  /// For a create or a replacement: all attributes but those that have a call of their own.
  var attributes: JSONObject = [:]
  /// For a change: the operations, but for those that have a call of their own.
  var operations: [PatchOperation] = []
  /// Whether the user is to be active; nil leaves that.
  var isActive: Bool?
  var password: String?

  init(_ attributes: JSONObject, _ kind: SPMLView.Kind) {
    self.attributes = attributes
    if kind.canSuspend {
      isActive = attributes["active"].flatMap(Self.flag)
      self.attributes["active"] = nil
    }
    if kind.canSetPassword {
      password = attributes["password"]?.string
      self.attributes["password"] = nil
    }
  }

  init(_ operations: [PatchOperation], _ kind: SPMLView.Kind) {
    for operation in operations.flatMap(Self.parts) {
      switch operation.path?.attribute.lowercased() {
      case "active" where kind.canSuspend: isActive = operation.value.flatMap(Self.flag) ?? true
      case "password" where kind.canSetPassword: password = operation.value?.string ?? password
      default: self.operations.append(operation)
      }
    }
  }

  /// An operation on the whole resource as one for each attribute that has a call of its own, and one for the rest.
  private static func parts(of operation: PatchOperation) -> [PatchOperation] {
    guard operation.path == nil, let object = operation.value?.object else { return [operation] }
    let own = object.members.filter { ["active", "password"].contains($0.key.lowercased()) }
    let rest = object.members.filter { member in !own.contains { $0.key == member.key } }
    return own.map { PatchOperation(operation.verb, AttributePath($0.key), value: $0.value) }
      + (rest.isEmpty ? [] : [PatchOperation(operation.verb, nil, value: .object(JSONObject(uniqueMembers: rest)))])
  }

  private static func flag(_ value: JSONValue) -> Bool? { value.bool ?? value.string.map(DSMLMapping.isTrue) }
}
