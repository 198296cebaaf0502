import JSON

/// Applies PATCH operations to resources of one type (RFC 7644 section 3.5.2).
package struct ResourcePatcher: Sendable {
  package let type: ResourceType
  package let catalog: SchemaCatalog
  private let maxValues: Int

  /// - Parameter maxValues: the most values that an operation may leave in a multi-valued attribute where there were fewer.
  ///   Each operation looks at all of them, so whoever patches for strangers sets a bound. Attributes that name other
  ///   resources have none.
  package init(type: ResourceType, catalog: SchemaCatalog, maxValues: Int = .max) {
    self.type = type
    self.catalog = catalog
    self.maxValues = maxValues
  }

  /// The resource after all operations, in their order; `schemas` follows the extensions in use.
  ///
  /// Values are read by the schema, so `"False"` is a boolean and `name.familyName` a path where it stands as a key
  /// of an operation without a path. Such an operation is read like a PUT: read-only and unknown attributes in it are
  /// ignored.
  /// - Throws: `SCIMError` 400: invalidPath, noTarget, invalidFilter, invalidValue, or mutability for a read-only,
  ///   immutable or required attribute. The resource given is untouched then.
  package func applying(
    _ operations: [PatchOperation], to resource: JSONObject
  ) throws(SCIMError) -> JSONObject {
    var result = resource
    for operation in operations { try apply(operation, to: &result) }
    let schemas = type.schemas(of: result)
    result[result.spelling(of: "schemas") ?? "schemas"] = schemas
    return result
  }

  private func apply(_ operation: PatchOperation, to resource: inout JSONObject) throws(SCIMError) {
    if let path = operation.path, let urn = schemaNamed(path.schema.map { "\($0):\(path.attribute)" } ?? path.attribute)
    {
      try applyWhole(operation.verb, urn, operation.value, to: &resource)
    } else if let path = operation.path {
      try apply(operation.verb, path, operation.value, isNamed: true, to: &resource)
    } else {
      try applyWhole(operation.verb, type.schema, operation.value, to: &resource)
    }
  }

  /// Applies an object of attributes to the resource, or to one of its extensions.
  private func applyWhole(
    _ verb: PatchOperation.Verb, _ urn: String, _ value: JSONValue?, to resource: inout JSONObject
  ) throws(SCIMError) {
    if verb == .remove || (verb == .replace && value?.isNull == true && urn != type.schema) {
      return try removeExtension(urn, from: &resource)
    }
    guard let object = value?.object else {
      throw SCIMError(status: 400, .invalidValue, "An operation on a whole resource or extension needs an object.")
    }
    let isCore = urn == type.schema
    for member in object.members {
      if isCore, let other = schemaNamed(member.key) {
        try applyWhole(verb, other, member.value, to: &resource)
      } else {
        // What is no path names no attribute, and is ignored as such.
        var path = (try? AttributePath(parsing: member.key)) ?? AttributePath(member.key)
        if !isCore { path.schema = urn }
        try apply(verb, path, member.value, isNamed: false, to: &resource)
      }
    }
  }

  private func removeExtension(_ urn: String, from resource: inout JSONObject) throws(SCIMError) {
    guard urn != type.schema else { throw SCIMError(status: 400, .noTarget, "remove needs a path.") }
    guard let key = resource.spelling(of: urn) else { return }
    if type.extensions.contains(where: { $0.schema == urn && $0.isRequired }) {
      throw SCIMError(status: 400, .mutability, "\(urn) is required.")
    }
    resource[key] = nil
  }

  private func apply(
    _ verb: PatchOperation.Verb, _ path: AttributePath, _ value: JSONValue?, isNamed: Bool,
    to resource: inout JSONObject
  ) throws(SCIMError) {
    guard let attribute = definition(of: path, value: value) else {
      guard isNamed else { return }
      throw SCIMError(status: 400, .invalidPath, "\(type.name) has no attribute \(path).")
    }
    let patch = AttributePatch(
      verb: verb, attribute: attribute, filter: path.valueFilter, subAttribute: path.subAttribute, value: value,
      isNamed: isNamed, maxValues: maxValues)
    guard !path.isCore(in: type), let schema = path.schema else { return try patch.apply(to: &resource) }
    let urn = schemaNamed(schema) ?? schema
    let key = resource.spelling(of: urn) ?? urn
    var attributes = resource[key]?.object ?? [:]
    try patch.apply(to: &attributes)
    resource[key] = attributes.isEmpty ? nil : .object(attributes)
  }

  /// The attribute that the path names, whatever part of it; guessed where the schema is not known.
  private func definition(of path: AttributePath, value: JSONValue?) -> Attribute? {
    if path.isCore(in: type), let common = Schema.common.attribute(path.attribute) { return common }
    if let known = path.resolveParent(in: type, catalog: catalog) { return known }
    let urn = path.isCore(in: type) ? type.schema : path.schema ?? type.schema
    guard catalog.schema(urn) == nil, schemaNamed(urn) != nil else { return nil }
    var guess = Attribute(undescribed: path.attribute, value: path.subAttribute == nil ? value : nil)
    if path.subAttribute != nil || path.valueFilter != nil { guess.type = .complex }
    if path.valueFilter != nil { guess.isMultiValued = true }
    return guess
  }

  /// The URN of one of the type's schemas as the type spells it.
  private func schemaNamed(_ urn: String) -> String? {
    guard urn.utf8.contains(UInt8(ascii: ":")) else { return nil }
    let known = [type.schema] + type.extensions.map(\.schema)
    return known.first { $0 == urn } ?? known.first { $0.lowercased() == urn.lowercased() }
  }
}
