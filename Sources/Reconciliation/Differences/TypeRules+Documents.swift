import JSON
import SCIM

extension TypeRules {
  /// The document of a create (RFC 7644 section 3.3): what may be written, references as far as they can be said.
  func body(_ attributes: JSONObject, references: References, members: [(String, JSONValue)]) -> JSONObject {
    var body: [JSONObject.Member] = []
    var urns = [type.schema]
    for member in attributes.members where member.key != "schemas" {
      if isExtension(member.key) {
        guard let known = extensionRules(member.key), let parts = member.value.object else { continue }
        let kept = parts.members.compactMap { written($0, by: known.rule($0.key, value: $0.value), references) }
        guard !kept.isEmpty else { continue }
        urns.append(known.urn)
        body.append(JSONObject.Member(key: known.urn, value: .object(JSONObject(uniqueMembers: kept))))
      } else if let written = written(member, by: rule(member.key, value: member.value), references) {
        body.append(written)
      }
    }
    let schemas = JSONObject.Member(key: "schemas", value: .array(urns.map(JSONValue.string)))
    return JSONObject(uniqueMembers: [schemas] + body + members.map { JSONObject.Member(key: $0.0, value: $0.1) })
  }

  /// nil for what is not written: nulls, read-only and ignored attributes, references that cannot be said there.
  private func written(
    _ member: JSONObject.Member, by rule: AttributeRule?, _ references: References
  ) -> JSONObject.Member? {
    guard let rule, !rule.isSkipped, rule.isHeld, !member.value.isUnassigned else { return nil }
    guard rule.isReference, !rule.attribute.isMultiValued else { return member }
    return references.resolve(member.value).value.map { JSONObject.Member(key: member.key, value: $0) }
  }

  /// A whole resource without what only the endpoint may write (RFC 7643 section 2.2), as a replacement sends it.
  func writable(_ resource: JSONObject) -> JSONObject {
    JSONObject(
      uniqueMembers: resource.members.compactMap { member in
        if member.key == "schemas" { return member }
        if isExtension(member.key), let known = extensionRules(member.key), let parts = member.value.object {
          let kept = parts.members.compactMap { writable($0, by: known.rule($0.key, value: $0.value)) }
          return JSONObject.Member(key: member.key, value: .object(JSONObject(uniqueMembers: kept)))
        }
        return writable(member, by: rule(member.key, value: member.value))
      })
  }

  private func writable(_ member: JSONObject.Member, by rule: AttributeRule?) -> JSONObject.Member? {
    guard let rule else { return member }
    guard rule.attribute.mutability != .readOnly else { return nil }
    guard rule.attribute.type == .complex else { return member }
    let fixed = Set(rule.attribute.subAttributes.filter { $0.mutability == .readOnly }.map(\.name) + ["$ref"])
    func pruned(_ value: JSONValue) -> JSONValue {
      guard let object = value.object else { return value }
      return .object(JSONObject(uniqueMembers: object.members.filter { !fixed.contains($0.key) }))
    }
    return JSONObject.Member(
      key: member.key, value: member.value.array.map { .array($0.map(pruned)) } ?? pruned(member.value))
  }
}
