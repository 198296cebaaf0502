import JSON
import SCIM

extension ResourceRules {
  /// A resource without the attributes that `drops` names, at any depth; names are spelled as in the schema, and what
  /// is null or empty is gone, since it means the same as absent (RFC 7643 section 2.5). Unknown attributes stay.
  func pruned(_ object: JSONObject, dropping drops: (Attribute) -> Bool) -> JSONObject {
    var result = JSONObject()
    let core = Schema.common.attributes + attributes
    for member in object {
      if let schema = extensionSchema(member.key), let part = member.value.object {
        let pruned = Self.pruned(part, by: schema.attributes, dropping: drops)
        if !pruned.isEmpty { result[schema.id] = .object(pruned) }
      } else {
        Self.prune(member, by: core, dropping: drops, into: &result)
      }
    }
    return result
  }

  private func extensionSchema(_ key: String) -> Schema? {
    guard key.contains(":"), type.extensions.contains(where: { $0.schema.lowercased() == key.lowercased() }) else {
      return nil
    }
    return catalog.schema(key)
  }

  private static func pruned(
    _ object: JSONObject, by attributes: [Attribute], dropping drops: (Attribute) -> Bool
  ) -> JSONObject {
    var result = JSONObject()
    for member in object { prune(member, by: attributes, dropping: drops, into: &result) }
    return result
  }

  private static func prune(
    _ member: JSONObject.Member, by attributes: [Attribute], dropping drops: (Attribute) -> Bool,
    into result: inout JSONObject
  ) {
    let definition =
      attributes.first { $0.name == member.key }
      ?? attributes.first { $0.name.lowercased() == member.key.lowercased() }
    if let definition, drops(definition) { return }
    guard let value = pruned(member.value, by: definition, dropping: drops) else { return }
    result[definition?.name ?? member.key] = value
  }

  private static func pruned(
    _ value: JSONValue, by definition: Attribute?, dropping drops: (Attribute) -> Bool
  ) -> JSONValue? {
    switch value {
    case .null: return nil
    case .array(let values):
      let kept = values.compactMap { pruned($0, by: definition, dropping: drops) }
      return kept.isEmpty ? nil : .array(kept)
    case .object(let object):
      let kept = pruned(object, by: definition?.subAttributes ?? [], dropping: drops)
      return kept.isEmpty ? nil : .object(kept)
    default: return value
    }
  }
}
