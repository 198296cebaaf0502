import SCIM

extension DSMLMapping {
  /// The standard schema of this URN, without what the target has no attribute for.
  /// - Parameter more: attributes that it has another way for.
  func schema(_ urn: String, holding more: Set<String> = []) -> Schema? {
    guard var schema = SchemaCatalog.standard.schema(urn) else { return nil }
    let isCore = !entries.contains { $0.field.schema == urn }
    schema.attributes = schema.attributes.compactMap { attribute in
      if more.contains(attribute.name) { return attribute }
      let entries = entries(of: attribute.name, in: isCore ? nil : urn)
      return entries.isEmpty ? nil : attribute.limited(to: entries.map(\.field), in: objectClass, by: entries)
    }
    return schema.attributes.isEmpty ? nil : schema
  }
}

extension Attribute {
  /// The attribute with those parts only that the fields hold.
  fileprivate func limited(
    to fields: [DSMLField], in objectClass: SPMLTarget.ObjectClass, by entries: [DSMLMapping.Entry]
  ) -> Attribute {
    var limited = self
    limited.subAttributes = subAttributes.filter { part in
      switch part.name {
      case "type": fields.contains { $0.type != nil }
      // What a reference refers to is said by the type of its `$ref`.
      case "$ref": fields.contains { $0.form == .reference }
      default: fields.contains { $0.part == part.name }
      }
    }
    limited.isRequired = isRequired || entries.contains { $0.field.part == nil && objectClass.requires($0.name) }
    return limited
  }
}
