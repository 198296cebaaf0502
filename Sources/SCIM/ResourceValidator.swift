import JSON

/// Checks resources of one type against its schemas. Make one and use it for many.
package struct ResourceValidator: Sendable {
  /// What becomes of attributes that no schema of the type knows.
  package enum UnknownAttributes: Sendable { case kept, dropped, refused }

  package let type: ResourceType
  private let unknown: UnknownAttributes
  private let core: AttributeIndex
  private let extensions: [AttributeIndex]

  package init(type: ResourceType, catalog: SchemaCatalog, unknown: UnknownAttributes = .dropped) {
    self.type = type
    self.unknown = unknown
    core = AttributeIndex(urn: type.schema, catalog.schema(type.schema), adding: Schema.common.attributes)
    extensions = type.extensions.map {
      AttributeIndex(urn: $0.schema, catalog.schema($0.schema), isRequired: $0.isRequired)
    }
  }

  /// What is wrong with the resource: types, missing required attributes, more than one primary value, and unknown
  /// attributes where they are refused. Read-only attributes are nobody's fault: they are ignored (RFC 7643 section 7).
  package func validate(_ resource: JSONObject) -> [ResourceProblem] { read(resource).problems }

  /// The resource as it should be stored: names spelled as in the schema, read-only and unassigned attributes left out,
  /// `schemas` as the extensions demand.
  /// - Throws: `SCIMError` 400 that names every problem.
  package func normalized(_ resource: JSONObject) throws(SCIMError) -> JSONObject {
    let (result, problems) = read(resource)
    if let error = SCIMError(problems) { throw error }
    return result
  }

  /// The same for a resource that takes the place of another (PUT, RFC 7644 section 3.5.1).
  /// - Parameter isWhole: whether an immutable value that is not there was taken away; else it was not told, and stays, for
  ///   it "SHALL NOT be updated" (RFC 7643 section 7).
  /// - Throws: also 400 mutability when an immutable attribute would change.
  package func normalized(
    _ resource: JSONObject, replacing current: JSONObject, isWhole: Bool = false
  ) throws(SCIMError) -> JSONObject {
    var result = try normalized(resource)
    if !isWhole { keepImmutables(of: current, in: &result) }
    var problems = Self.changedImmutables(core.attributes, current, result, prefix: "")
    for index in extensions {
      let before = current.value(ignoringCase: index.urn)?.object ?? [:]
      let after = result[index.urn]?.object ?? [:]
      problems += Self.changedImmutables(index.attributes, before, after, prefix: "\(index.urn):")
    }
    if let error = SCIMError(problems) { throw error }
    return result
  }

  private func read(_ resource: JSONObject) -> (result: JSONObject, problems: [ResourceProblem]) {
    var reader = ValueReader(unknown: unknown)
    let own = resource.members.filter { member in !extensions.contains { $0.isNamed(member.key) } }
    var result = core.read(JSONObject(uniqueMembers: own), with: &reader)
    var problems = reader.problems
    for index in extensions {
      guard let value = resource.value(ignoringCase: index.urn), !value.isNull else {
        if index.isRequired { problems.append(ResourceProblem(.invalidValue, at: index.urn, "is required")) }
        continue
      }
      guard case .object(let object) = value else {
        problems.append(ResourceProblem(.invalidValue, at: index.urn, "must be an object"))
        continue
      }
      var reader = ValueReader(unknown: unknown, path: [index.urn])
      let attributes = index.read(object, with: &reader)
      problems += reader.problems
      if !attributes.isEmpty { result[index.urn] = .object(attributes) }
    }
    result["schemas"] = type.schemas(of: result)
    return (result, problems)
  }

  private func keepImmutables(of current: JSONObject, in result: inout JSONObject) {
    result = Self.keepingImmutables(core.attributes, of: current, in: result)
    for index in extensions {
      guard let before = current.value(ignoringCase: index.urn)?.object else { continue }
      let kept = Self.keepingImmutables(index.attributes, of: before, in: result[index.urn]?.object ?? [:])
      if !kept.isEmpty { result[index.urn] = .object(kept) }
    }
    result["schemas"] = type.schemas(of: result)
  }

  private static func keepingImmutables(
    _ attributes: [Attribute], of before: JSONObject, in after: JSONObject
  ) -> JSONObject {
    var result = after
    for attribute in attributes {
      guard let old = before.value(ignoringCase: attribute.name), !old.isNull else { continue }
      if attribute.mutability == .immutable {
        result[attribute.name] = result[attribute.name] ?? old
      } else if !attribute.isMultiValued, let old = old.object {
        let kept = keepingImmutables(attribute.subAttributes, of: old, in: after[attribute.name]?.object ?? [:])
        if !kept.isEmpty { result[attribute.name] = .object(kept) }
      }
    }
    return result
  }

  private static func changedImmutables(
    _ attributes: [Attribute], _ before: JSONObject, _ after: JSONObject, prefix: String
  ) -> [ResourceProblem] {
    attributes.flatMap { attribute -> [ResourceProblem] in
      guard let old = before.value(ignoringCase: attribute.name), !old.isNull else { return [] }
      let new = after[attribute.name]
      if attribute.mutability == .immutable {
        let isSame = AttributeValues.areEqual(old, new, attribute: attribute)
        return isSame ? [] : [ResourceProblem(.mutability, at: prefix + attribute.name, "is immutable")]
      }
      // The elements of a multi-valued attribute come and go; each by itself is new.
      guard !attribute.isMultiValued, let old = old.object else { return [] }
      return changedImmutables(
        attribute.subAttributes, old, new?.object ?? [:], prefix: "\(prefix)\(attribute.name).")
    }
  }
}

/// The attributes of one schema, found by name without folding case where the spelling is right.
private struct AttributeIndex: Sendable {
  let urn: String
  let attributes: [Attribute]
  let isRequired: Bool
  /// The schema is not known, so anything goes.
  private let isOpen: Bool
  private let foldedURN: String
  private let exact: [String: Attribute]
  private let folded: [String: Attribute]

  init(urn: String, _ schema: Schema?, adding common: [Attribute] = [], isRequired: Bool = false) {
    self.urn = urn
    self.isRequired = isRequired
    isOpen = schema == nil
    foldedURN = urn.lowercased()
    attributes = schema?.attributes ?? []
    // The characteristics of common attributes take precedence over what a schema says (RFC 7643 section 3.1).
    exact = Dictionary((common + attributes).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    folded = Dictionary(exact.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  func isNamed(_ key: String) -> Bool {
    key == urn || (key.utf8.count == urn.utf8.count && key.lowercased() == foldedURN)
  }

  func read(_ object: JSONObject, with reader: inout ValueReader) -> JSONObject {
    let result = reader.read(object) { name in
      exact[name] ?? folded[name.lowercased()] ?? (isOpen ? Attribute(undescribed: name, value: object[name]) : nil)
    }
    reader.checkRequired(attributes, in: result)
    return result
  }
}

extension ResourceType {
  /// What `schemas` says of a resource: the core schema and the extensions in use (RFC 7643 section 3).
  package func schemas(of resource: JSONObject) -> JSONValue {
    let used = extensions.map(\.schema).filter { resource.value(ignoringCase: $0) != nil }
    let ours = [schema] + used
    // What no schema of the type describes is left as it is: an endpoint may hold more than it tells.
    let known = Set((extensions.map(\.schema) + [schema]).map { $0.lowercased() })
    let others = (resource.value(ignoringCase: "schemas")?.array ?? []).filter { urn in
      guard let urn = urn.string else { return false }
      return !known.contains(urn.lowercased()) && resource[urn] != nil
    }
    return .array(ours.map(JSONValue.string) + others)
  }
}
