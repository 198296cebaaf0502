import JSON
import SCIM

extension ResourceRules {
  /// The attributes that take the place of others: with the write-only values that the caller could not read to send
  /// them back. So a secret goes only with the element that holds it, or with another value in its place.
  /// - Parameter isPatched: whether the caller changed what was there, so that an extension which is gone was removed on
  ///   purpose, secrets and all.
  /// - Throws: `SCIMError` 400 mutability when an immutable attribute would change.
  func successor(
    of before: JSONObject, _ after: JSONObject, isPatched: Bool = false
  ) throws(SCIMError) -> JSONObject {
    let given = withoutRepetitions(try validator.normalized(after, replacing: before, isWhole: isPatched))
    var valid = Self.keepingSecrets(of: before, in: given, attributes)
    valid["schemas"] = nil
    return keepingSecretsOfExtensions(of: before, in: valid) { !isPatched || valid[$0] != nil }
  }

  private func keepingSecretsOfExtensions(
    of before: JSONObject, in after: JSONObject, where isKept: (String) -> Bool
  ) -> JSONObject {
    var result = after
    for schema in extensionSchemas where isKept(schema.id) {
      guard let old = before[schema.id]?.object else { continue }
      let kept = Self.keepingSecrets(of: old, in: after[schema.id]?.object ?? [:], schema.attributes)
      if !kept.isEmpty { result[schema.id] = .object(kept) }
    }
    return result
  }

  private static func keepingSecrets(of before: JSONObject, in after: JSONObject, _ attributes: [Attribute])
    -> JSONObject
  {
    var result = after
    for attribute in attributes where attribute.holdsWriteOnly {
      guard let old = before[attribute.name] else { continue }
      if attribute.mutability == .writeOnly {
        result[attribute.name] = result[attribute.name] ?? old
      } else if let new = result[attribute.name] {
        result[attribute.name] = keepingSecrets(of: old, in: new, attribute)
      }
    }
    return result
  }

  private static func keepingSecrets(of before: JSONValue, in after: JSONValue, _ attribute: Attribute) -> JSONValue {
    switch (before, after) {
    case (.object(let old), .object(let new)): return .object(keepingSecrets(of: old, in: new, attribute.subAttributes))
    case (.array(let old), .array(let new)):
      // The elements pair by what tells them apart for people.
      guard let name = ["value", "name", "clientId", "type"].first(where: { attribute.subAttribute($0) != nil }) else {
        return after
      }
      let named = Dictionary(
        old.compactMap { element in element[name].map { ($0, element) } }, uniquingKeysWith: { first, _ in first })
      return .array(
        new.map { element in
          element[name].flatMap { named[$0] }.map { keepingSecrets(of: $0, in: element, attribute) } ?? element
        })
    default: return after
    }
  }
}

extension Attribute {
  /// Whether it is write-only, or a part of it is.
  fileprivate var holdsWriteOnly: Bool { mutability == .writeOnly || subAttributes.contains(where: \.holdsWriteOnly) }
}
