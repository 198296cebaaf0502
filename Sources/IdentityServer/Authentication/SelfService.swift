import JSON
import SCIM

/// What users may change of themselves through `/Me` without being administrators: how they are reached and how they
/// like things shown. Who they are, what they may do and what connectors match them by is for others to say.
enum SelfService {
  private static let attributes: Set<String> = [
    "password", "nickname", "profileurl", "photos", "phonenumbers", "ims", "preferredlanguage", "locale", "timezone",
  ]

  /// - Throws: `SCIMError` 403 when an operation touches anything else.
  static func check(_ operations: [PatchOperation]) throws(SCIMError) {
    let touched = operations.flatMap { operation in
      operation.path.map { [$0.schema.map { _ in "" } ?? $0.attribute] } ?? operation.value?.object?.map(\.key) ?? [""]
    }
    try refuse(touched.filter { !mayChange($0) })
  }

  /// What a PUT by the user itself comes to. What it may not change may be sent along as it is.
  /// - Throws: `SCIMError` 403 when anything else would change.
  static func operations(
    replacing current: JSONObject, with given: JSONObject, of type: ResourceType, catalog: SchemaCatalog
  ) throws(SCIMError) -> [PatchOperation] {
    let definitions = Schema.common.attributes + (catalog.schema(type.schema)?.attributes ?? [])
    let ignored = Set(definitions.filter { $0.mutability == .readOnly }.map { $0.name.lowercased() }).union(["schemas"])
    try refuse(
      given.filter { member in
        !mayChange(member.key) && !ignored.contains(member.key.lowercased())
          && current.value(ignoringCase: member.key) != member.value
      }.map(\.key))
    let gone = current.map(\.key).filter { mayChange($0) && given.value(ignoringCase: $0) == nil }
    return gone.map { PatchOperation(.remove, AttributePath($0)) }
      + given.filter { mayChange($0.key) }.map { PatchOperation(.replace, AttributePath($0.key), value: $0.value) }
  }

  /// - Parameter name: of an attribute, or a path that begins with one.
  private static func mayChange(_ name: String) -> Bool {
    attributes.contains(name.prefix { $0 != "." && $0 != "[" }.lowercased())
  }

  private static func refuse(_ names: [String]) throws(SCIMError) {
    guard !names.isEmpty else { return }
    let list = Set(names.filter { !$0.isEmpty }).sorted().joined(separator: ", ")
    throw SCIMError(status: 403, nil, "Only an administrator may change \(list.isEmpty ? "this" : list).")
  }
}
