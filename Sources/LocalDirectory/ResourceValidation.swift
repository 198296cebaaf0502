import JSON
import SCIM

extension ResourceRules {
  /// The attributes as they are stored: read-only and empty ones gone, `schemas` as the attributes demand.
  /// - Throws: `SCIMError` 400 invalidValue that names every problem.
  func validated(_ given: JSONObject) throws(SCIMError) -> JSONObject {
    var attributes = pruned(given) { $0.mutability == .readOnly }
    attributes["schemas"] = schemas(of: attributes)
    try validate(attributes)
    try requireNonEmptyNames(attributes)
    return attributes
  }

  private func validate(_ attributes: JSONObject) throws(SCIMError) {
    let problems = ResourceValidator(type: type, catalog: catalog).validate(attributes)
    guard !problems.isEmpty else { return }
    throw SCIMError(status: 400, .invalidValue, problems.map { "\($0)" }.joined(separator: " "))
  }

  /// The core schema and the extensions that the resource uses (RFC 7643 section 3).
  private func schemas(of attributes: JSONObject) -> JSONValue {
    let used = type.extensions.map(\.schema).filter { attributes[$0] != nil }
    return .array(([type.schema] + used).map(JSONValue.string))
  }

  /// A unique attribute that is required tells resources apart, so blanks do not do.
  private func requireNonEmptyNames(_ attributes: JSONObject) throws(SCIMError) {
    for attribute in unique where attribute.isRequired {
      guard let name = attributes[attribute.name]?.string, name.contains(where: { !$0.isWhitespace }) else {
        throw SCIMError(status: 400, .invalidValue, "\(attribute.name) is required and must not be empty.")
      }
    }
  }

  /// - Throws: `SCIMError` 400 mutability when an immutable attribute that has a value would change (RFC 7643 section
  /// 2.2).
  func checkImmutable(_ before: JSONObject, _ after: JSONObject) throws(SCIMError) {
    try Self.checkImmutable(before, after, attributes)
    for urn in type.extensions.map(\.schema) {
      guard let old = before[urn]?.object, let schema = catalog.schema(urn) else { continue }
      try Self.checkImmutable(old, after[urn]?.object ?? [:], schema.attributes)
    }
  }

  private static func checkImmutable(
    _ before: JSONObject, _ after: JSONObject, _ attributes: [Attribute]
  ) throws(SCIMError) {
    for attribute in attributes {
      guard let old = before[attribute.name] else { continue }
      if attribute.mutability == .immutable {
        guard AttributeValues.areEqual(old, after[attribute.name], attribute: attribute) else {
          throw SCIMError(status: 400, .mutability, "\(attribute.name) is immutable.")
        }
      } else if !attribute.isMultiValued, let old = old.object {
        try checkImmutable(old, after[attribute.name]?.object ?? [:], attribute.subAttributes)
      }
    }
  }

  /// The attributes without what must never be told.
  func withoutSecrets(_ attributes: JSONObject) -> JSONObject {
    pruned(attributes) { $0.mutability == .writeOnly || $0.returned == .never }
  }
}
