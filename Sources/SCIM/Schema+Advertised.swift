extension Schema {
  /// The schema as `/Schemas` tells it.
  ///
  /// A complex attribute has simple parts only (RFC 7643 section 2.3.8); ours of identity and service providers nest
  /// deeper, and hide secrets within. Such parts are taken and kept all the same, but a generic client could neither
  /// build them nor make sense of what does not come back, so the description of what holds them names them instead.
  package var advertised: Schema {
    guard SchemaURN.isOurs(id) else { return self }
    var schema = self
    let told = attributes.map { (name: $0.name, attribute: $0.advertised) }
    schema.attributes = told.compactMap(\.attribute)
    schema.description += Attribute.besides(told.filter { $0.attribute == nil }.map(\.name))
    return schema
  }

  /// A schema of a peer, where it is one of ours as we know it: the peer tells less of it than there is.
  var recognized: Schema {
    guard SchemaURN.isOurs(id) else { return self }
    return SchemaCatalog.standard.schema(id) ?? self
  }
}

extension Attribute {
  /// nil when nothing of it can be told.
  fileprivate var advertised: Attribute? {
    guard type == .complex else { return self }
    let hidden = subAttributes.filter { $0.type == .complex || $0.mutability == .writeOnly }
    guard hidden.count < subAttributes.count else { return nil }
    var attribute = self
    attribute.subAttributes.removeAll { hidden.contains($0) }
    attribute.description += Self.besides(hidden.map(\.name))
    return attribute
  }

  fileprivate static func besides(_ names: [String]) -> String {
    names.isEmpty ? "" : " Beside what is listed here it takes \(names.joined(separator: " and "))."
  }
}
