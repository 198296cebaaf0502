import JSON
import SCIM

extension DSMLMapping {
  /// What must be changed of an object so that it holds what it should: only attributes of this mapping, and only those
  /// that differ.
  func modifications(from current: DSMLAttributes, to wanted: DSMLAttributes) -> [DSMLModification] {
    names(of: wanted).flatMap { entry -> [DSMLModification] in
      let (old, new) = (current[entry.name], wanted[entry.name])
      let (known, meant) = (Set(old), Set(new))
      let (added, removed) = (new.filter { !known.contains($0) }, old.filter { !meant.contains($0) })
      if added.isEmpty, removed.isEmpty { return [] }
      if new.isEmpty { return [DSMLModification(.delete, entry.name)] }
      // Members come and go one by one: a change of one in a group of thousands stays small.
      guard entry.isReference, !old.isEmpty else { return [DSMLModification(.replace, entry.name, new)] }
      return [DSMLModification(.add, entry.name, added), DSMLModification(.delete, entry.name, removed)]
        .filter { !$0.values.isEmpty }
    }
  }

  /// The attributes of the mapping, and those that were derived beside them.
  private func names(of wanted: DSMLAttributes) -> [(name: String, isReference: Bool)] {
    let mapped = entries.map { (name: $0.name, isReference: $0.field.isRepeated && $0.field.form == .reference) }
    let others = wanted.names.filter { name in
      DSMLField.derivable.contains(name.lowercased()) && !mapped.contains { $0.name.isSameName(as: name) }
    }
    return mapped + others.map { (name: $0, isReference: false) }
  }

  /// What operations mean for the attributes, as far as that can be said without the object.
  /// - Returns: nil when it cannot: what an operation takes away is spread over several attributes, or a filter selects.
  func modifications(
    by operations: [PatchOperation], of type: ResourceType
  ) throws(EndpointError) -> [DSMLModification]? {
    var modifications: [DSMLModification] = []
    for operation in operations {
      guard let path = operation.path, let part = try self.modifications(operation, path, type) else { return nil }
      for modification in part { modifications.append(orJoin: modification) }
    }
    // An attribute that several operations are about is for the object itself to settle.
    let replaced = modifications.filter { !$0.isAboutValues }.map { $0.name.lowercased() }
    return Set(replaced).count == replaced.count ? modifications : nil
  }

  private func modifications(
    _ operation: PatchOperation, _ path: AttributePath, _ type: ResourceType
  ) throws(EndpointError) -> [DSMLModification]? {
    let schema = path.extensionSchema(of: type)
    let fields = entries(of: path.attribute, in: schema)
    if let filter = path.valueFilter { return removal(operation, path, filter, fields) }
    let meant =
      path.subAttribute.map { part in fields.filter { $0.field.part?.isSameName(as: part) == true } } ?? fields
    guard !meant.isEmpty, path.subAttribute == nil || !meant[0].field.isRepeated else { return nil }
    guard operation.verb != .remove, let value = operation.value, !value.isNull else {
      guard meant.count == 1, !objectClass.requires(meant[0].name) else { return nil }
      return [DSMLModification(.delete, meant[0].name)]
    }
    let object = Self.object(value, at: path, schema)
    var modifications: [DSMLModification] = []
    for entry in meant {
      let values = try self.values(of: entry, in: object)
      if operation.verb == .add, entry.field.isRepeated {
        if !values.isEmpty { modifications.append(DSMLModification(.add, entry.name, values)) }
      } else if !values.isEmpty {
        modifications.append(DSMLModification(.replace, entry.name, values))
      } else if operation.verb == .replace {
        guard meant.count == 1, !objectClass.requires(entry.name) else { return nil }
        modifications.append(DSMLModification(.delete, entry.name))
      }
    }
    return modifications
  }

  /// `remove members[value eq "…"]`, the one filter that names a value of an attribute.
  private func removal(
    _ operation: PatchOperation, _ path: AttributePath, _ filter: Filter, _ fields: [Entry]
  ) -> [DSMLModification]? {
    guard operation.verb == .remove, path.subAttribute == nil, fields.count == 1, fields[0].field.isRepeated,
      case .compare(let named, .equal, .string(let value)) = filter, named == AttributePath("value")
    else { return nil }
    let text = fields[0].field.form == .reference ? PSOIdentifier(text: value).id : value
    return [DSMLModification(.delete, fields[0].name, [text])]
  }

  /// A resource that has nothing but this value.
  private static func object(_ value: JSONValue, at path: AttributePath, _ schema: String?) -> JSONObject {
    let attribute: JSONObject = [path.attribute: path.subAttribute.map { .object([$0: value]) } ?? value]
    return schema.map { [$0: .object(attribute)] } ?? attribute
  }
}

extension [DSMLModification] {
  /// Appends a modification; values of one attribute that come, or go, one after another make one.
  fileprivate mutating func append(orJoin modification: DSMLModification) {
    guard let last, last.isAboutValues, modification.isAboutValues, last.name == modification.name,
      last.operation == modification.operation
    else { return append(modification) }
    self[endIndex - 1].values += modification.values
  }
}
