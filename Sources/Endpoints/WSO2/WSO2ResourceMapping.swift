import JSON
import SCIM

/// Users, groups and roles as WSO2 Identity Server writes them, and as SCIM 2.0 has them.
struct WSO2ResourceMapping: Hashable, Sendable {
  /// The attribute that says what `active` says elsewhere.
  static let disabled = "accountDisabled"
  /// The user store that is meant when none is named.
  static let primaryStore = "PRIMARY/"

  /// The extension that holds ``disabled``; nil when the server knows `active`.
  var lockSchema: String?

  // MARK: What is read

  func resource(_ body: JSONObject, of type: ResourceType) -> Resource {
    var read = JSONObject(body.members.map { ($0.key, Self.withComplexElements($0.key, $0.value)) })
    let naming = type.name == "User" ? "userName" : "displayName"
    if type.name != "Role", let name = read[naming]?.string { read[naming] = .string(Self.plainName(name)) }
    if type.name == "User", let lockSchema {
      read["active"] = .bool(!Self.isTrue(read[lockSchema]?[Self.disabled]))
    }
    return Resource(read)
  }

  /// The name without the user store, where that goes without saying.
  static func plainName(_ name: String) -> String {
    name.hasPrefix(primaryStore) ? String(name.dropFirst(primaryStore.count)) : name
  }

  /// Values that have no type are told as bare strings, even between others that are objects.
  private static func withComplexElements(_ name: String, _ value: JSONValue) -> JSONValue {
    guard !["schemas", "permissions"].contains(name), let elements = value.array else { return value }
    return .array(elements.map { $0.string == nil ? $0 : ["value": $0] })
  }

  private static func isTrue(_ value: JSONValue?) -> Bool {
    value?.bool ?? (value?.string?.lowercased() == "true")
  }

  // MARK: What is written

  /// The document of a new resource, or of one that replaces another.
  /// - Parameter isNew: a new user is enabled without being told.
  func document(_ attributes: JSONObject, of type: ResourceType, isNew: Bool) -> JSONObject {
    guard type.name == "User", let lockSchema, let active = attributes["active"] else { return attributes }
    var document = attributes
    document["active"] = nil
    let isActive = active.isNull || Self.isTrue(active)
    guard !(isNew && isActive) else { return document }
    var holder = document[lockSchema]?.object ?? [:]
    holder[Self.disabled] = .bool(!isActive)
    document[lockSchema] = .object(holder)
    return document
  }

  /// The operation in one of the forms that the server knows.
  func operation(_ operation: PatchOperation, of type: ResourceType) -> PatchOperation {
    guard let path = operation.path else {
      guard let object = operation.value?.object else { return operation }
      return PatchOperation(operation.verb, value: .object(document(object, of: type, isNew: false)))
    }
    guard path.schema == nil || path.schema == type.schema else { return operation }
    switch (type.name, path.attribute) {
    case ("User", "active"):
      guard let lockSchema else { return operation }
      let isDisabled = operation.verb != .remove && !Self.isTrue(operation.value)
      return PatchOperation(
        .replace, AttributePath(schema: lockSchema, Self.disabled), value: .bool(isDisabled))
    case ("User", "password"):
      return PatchOperation(.replace, value: .object(["password": operation.value ?? .null]))
    // They can be replaced, neither added nor removed.
    case ("Role", "permissions") where operation.verb == .remove:
      return PatchOperation(.replace, AttributePath("permissions"), value: [])
    default: return operation
    }
  }
}
