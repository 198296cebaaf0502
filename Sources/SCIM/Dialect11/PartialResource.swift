import JSON

/// The body of a SCIM 1.1 PATCH: a resource that holds what changes, with what goes in `meta.attributes`
/// (protocol, section 3.3.2). In the terms of SCIM 2.0.
package struct PartialResource: Sendable {
  /// The attributes that go before anything else happens.
  private let removed: [AttributePath]
  private let changes: [AttributeChange]

  /// Reads the body; attributes that the schema does not know are ignored, and so is a `meta` without `attributes`, which
  /// some clients send though it says nothing.
  /// - Parameter most: the most attributes that go and values that are merged, each of which is held against all that the
  ///   resource has.
  /// - Throws: `SCIMError` 400 for names that are no paths, 413 for more than that.
  package init(
    _ body: JSONObject, of type: ResourceType, catalog: SchemaCatalog, atMost most: Int = .max
  ) throws(SCIMError) {
    removed = try Self.removals(body.value(ignoringCase: "meta")?["attributes"], of: type)
    changes = body.members.flatMap { member -> [AttributeChange] in
      let urn = Dialect11.version2(ofExtension: member.key)
      guard type.hasExtension(urn), let part = member.value.object else {
        return [AttributeChange(AttributePath(member.key), member.value, of: type, catalog)].compactMap(\.self)
      }
      return part.members.compactMap {
        AttributeChange(AttributePath(schema: urn, $0.key), $0.value, of: type, catalog)
      }
    }
    guard removed.count + changes.reduce(0, { $0 + $1.mergedCount }) <= most else {
      throw SCIMError(status: 413, nil, "A PATCH changes \(most) values of attributes at most.")
    }
  }

  private static func removals(_ names: JSONValue?, of type: ResourceType) throws(SCIMError) -> [AttributePath] {
    var paths: [AttributePath] = []
    for name in names?.array ?? [] {
      guard let text = name.string else {
        throw SCIMError(status: 400, .invalidSyntax, "meta.attributes must be a list of names.")
      }
      paths.append(try Dialect11.path(parsing: text, of: type))
    }
    return paths
  }

  /// Whether the operations depend on what the resource holds: values are merged with those that are there.
  package var dependsOnResource: Bool { changes.contains { $0.isMerged && !replaces($0) } }

  /// The same changes as operations of a SCIM 2.0 PATCH.
  /// - Parameter current: the resource that they are for; read only where ``dependsOnResource`` says so.
  package func operations(on current: JSONObject = [:]) -> [PatchOperation] {
    let goes = removed.filter { path in !changes.contains { Self.isSame(path, $0.path) } }
    return goes.map { PatchOperation(.remove, $0) }
      + changes.flatMap { $0.operations(on: current, replacing: replaces($0)) }
  }

  /// What is removed and given in one request takes the place of what was there.
  private func replaces(_ change: AttributeChange) -> Bool { removed.contains { Self.isSame($0, change.path) } }

  private static func isSame(_ a: AttributePath, _ b: AttributePath) -> Bool {
    a.description.lowercased() == b.description.lowercased()
  }
}
