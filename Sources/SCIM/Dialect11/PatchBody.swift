import JSON

/// The operations of a SCIM 2.0 PATCH as the body of a SCIM 1.1 PATCH (protocol, section 3.3.2): the reverse of
/// ``PartialResource``.
///
/// A partial resource has neither filters nor an order. What needs one of them is carried out here, on the resource as it
/// is, and what comes of it takes the place of the attribute as a whole. `$ref` is left out: SCIM 1.1 does not know it.
package struct PatchBody: Sendable {
  private let type: ResourceType
  private let catalog: SchemaCatalog
  /// The operations of one attribute each, in the order of their first.
  private let edits: [AttributeEdit]

  /// - Throws: `SCIMError` 400 for a path that names nothing, or what no client may write.
  package init(
    _ operations: [PatchOperation], of type: ResourceType, catalog: SchemaCatalog
  ) throws(SCIMError) {
    self.type = type
    self.catalog = catalog
    var edits: [AttributeEdit] = []
    for (operation, original) in try PathedOperations(operations, of: type, catalog: catalog).elements {
      guard let path = operation.path, let attribute = path.resolveParent(in: type, catalog: catalog) else { continue }
      let schema = path.isCore(in: type) ? nil : path.schema
      if let index = edits.firstIndex(where: { $0.isOf(attribute, schema) }) {
        edits[index].operations.append(operation)
        edits[index].originals.append(original)
      } else {
        edits.append(
          AttributeEdit(schema: schema, attribute: attribute, operations: [operation], originals: [original]))
      }
    }
    self.edits = edits
  }

  /// Whether the body depends on what the resource holds.
  package var dependsOnResource: Bool { edits.contains { $0.statement == nil } }

  /// The body.
  /// - Parameter current: the resource that it is for, as SCIM 2.0 has it; read only where ``dependsOnResource`` says so.
  /// - Throws: `SCIMError` 400 when the operations do not fit the resource.
  package func json(on current: JSONObject = [:]) throws(SCIMError) -> JSONObject {
    var told = JSONObject()
    var removed: [AttributePath] = []
    for edit in edits {
      let statement =
        if let known = edit.statement { known } else { try whole(edit, on: current) }
      removed += statement.removed
      guard let value = statement.value else { continue }
      guard let schema = edit.schema else {
        told[edit.attribute.name] = value
        continue
      }
      var attributes = told[schema]?.object ?? [:]
      attributes[edit.attribute.name] = value
      told[schema] = .object(attributes)
    }
    var body = Dialect11.encoded(Resource(told), of: type).attributes
    if !removed.isEmpty {
      body["meta"] = ["attributes": .array(removed.map { .string(Dialect11.text(of: $0, of: type)) })]
    }
    return body
  }

  private func whole(_ edit: AttributeEdit, on current: JSONObject) throws(SCIMError) -> AttributeEdit.Statement {
    let after = try ResourcePatcher(type: type, catalog: catalog).applying(edit.originals, to: current)
    return edit.statement(from: edit.path.value(in: current), to: edit.path.value(in: after))
  }
}

extension AttributePath {
  /// What the resource holds there; the path names a whole attribute.
  fileprivate func value(in resource: JSONObject) -> JSONValue? {
    let holder = schema.map { resource.value(ignoringCase: $0)?.object ?? [:] } ?? resource
    return holder.value(ignoringCase: attribute)
  }
}
