import JSON
import SCIM

/// What a write does to the password: first with the password itself, then with its hash.
enum PasswordChange: Hashable, Sendable {
  case keep, clear
  case set(String)

  /// - Throws: `SCIMError` 400 unless the value is a string that is not empty nor too long, or null.
  init(_ value: JSONValue?) throws(SCIMError) {
    switch value {
    case nil: self = .keep
    case .null: self = .clear
    case .string(let password) where password.utf8.count > AccountName.longestSecret:
      throw SCIMError(
        status: 400, .invalidValue, "password must not be longer than \(AccountName.longestSecret) bytes.")
    case .string(let password) where !password.isEmpty: self = .set(password)
    default: throw SCIMError(status: 400, .invalidValue, "password must be a string that is not empty.")
    }
  }

  /// Takes the password out of the operations of a PATCH; the last one that names it counts.
  static func split(
    _ operations: [PatchOperation], rules: ResourceRules
  ) throws(SCIMError) -> (rest: [PatchOperation], change: PasswordChange) {
    guard rules.hasPassword else { return (operations, .keep) }
    var rest: [PatchOperation] = []
    var change = PasswordChange.keep
    for var operation in operations {
      if let path = operation.path {
        guard path.attribute.lowercased() == "password" else { rest.append(operation); continue }
        change = operation.verb == .remove ? .clear : try PasswordChange(operation.value ?? .null)
      } else if var object = operation.value?.object, let key = object.spelling(of: "password") {
        change = try PasswordChange(object[key])
        object[key] = nil
        operation.value = .object(object)
        if !object.isEmpty { rest.append(operation) }
      } else {
        rest.append(operation)
      }
    }
    return (rest, change)
  }
}
