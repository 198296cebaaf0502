import JSON

extension Dialect11 {
  /// The path as SCIM 2.0 has it. Behind the URN of an extension stands a colon, or a dot as some write it; the URN alone
  /// names the extension as a whole.
  /// - Throws: `SCIMError` 400 invalidPath.
  package static func path(parsing text: String, of type: ResourceType) throws(SCIMError) -> AttributePath {
    if let name = text.rest(behind: core) { return try AttributePath(parsing: name).named }
    for urn in type.extensions.map(\.schema) {
      if text.lowercased() == version1(ofExtension: urn).lowercased() { return try AttributePath(parsing: urn) }
      guard let name = text.rest(behind: version1(ofExtension: urn)) else { continue }
      var path = try AttributePath(parsing: name).named
      path.schema = urn
      return path
    }
    return try AttributePath(parsing: text).named
  }

  /// The path as SCIM 1.1 writes it.
  package static func text(of path: AttributePath, of type: ResourceType) -> String {
    var path = path
    path.subAttribute = path.subAttribute.map { version1(ofPart: $0, in: path.attribute) }
    path.schema = path.schema.flatMap { path.isCore(in: type) ? nil : version1(ofExtension: $0) }
    return path.description
  }
}

extension AttributePath {
  /// The path with the names of its parts as SCIM 2.0 has them.
  fileprivate var named: AttributePath {
    var path = self
    path.subAttribute = subAttribute.map { Dialect11.version2(ofPart: $0, in: attribute) }
    return path
  }
}

extension String {
  /// What stands behind a URN and its colon or dot; nil when this does not begin so.
  fileprivate func rest(behind urn: String) -> String? {
    guard utf8.count > urn.utf8.count + 1, lowercased().hasPrefix(urn.lowercased()) else { return nil }
    let rest = dropFirst(urn.count)
    return rest.first == ":" || rest.first == "." ? String(rest.dropFirst()) : nil
  }
}
