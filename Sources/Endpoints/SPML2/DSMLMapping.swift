import JSON
import LocalDirectory
import SCIM

/// Which DSML attributes of one class hold which attributes of a SCIM resource type: there and back, without effects.
struct DSMLMapping: Hashable, Sendable {
  /// A field, and the attribute that it has at this target.
  struct Entry: Hashable, Sendable {
    var field: DSMLField
    var name: String
  }

  let objectClass: SPMLTarget.ObjectClass
  private(set) var entries: [Entry] = []

  /// - Parameter fields: each is given the first of its names that the class has, and that no earlier one took.
  init(_ objectClass: SPMLTarget.ObjectClass, _ fields: [DSMLField]) {
    self.objectClass = objectClass
    for field in fields {
      let free = field.names.filter { name in !entries.contains { $0.name.isSameName(as: name) } }
      guard let name = free.first(where: objectClass.mayHave) else { continue }
      entries.append(Entry(field: field, name: name))
    }
    // Where one attribute holds them all, it tells no types.
    for index in entries.indices where entries[index].field.type != nil {
      let field = entries[index].field
      if entries.filter({ $0.field.isOfAttribute(of: field) }).count == 1 { entries[index].field.type = nil }
    }
  }

  /// The entries of one attribute.
  func entries(of attribute: String, in schema: String? = nil) -> [Entry] {
    entries.filter {
      $0.field.attribute.isSameName(as: attribute) && $0.field.schema?.lowercased() == schema?.lowercased()
    }
  }

  /// The one attribute that holds a path, whatever its form; nil when none does, or several.
  func name(of path: AttributePath, in type: ResourceType) -> String? {
    let schema = path.extensionSchema(of: type)
    let part = path.subAttribute ?? entries(of: path.attribute, in: schema).first?.field.part
    let fitting = entries(of: path.attribute, in: schema).filter { $0.field.part == part }
    return path.valueFilter == nil && fitting.count == 1 ? fitting[0].name : nil
  }
}

// MARK: To the target

extension DSMLMapping {
  /// The attributes of an object that is to have the class of this mapping and hold this resource.
  /// - Throws: `rejected` for a value that none of the attributes can hold.
  func attributes(of resource: JSONObject) throws(EndpointError) -> DSMLAttributes {
    var attributes = DSMLAttributes()
    attributes[DSMLAttributes.objectClass] = [objectClass.name]
    for entry in entries { attributes[entry.name] = try values(of: entry, in: resource) }
    for name in objectClass.required where attributes[name].isEmpty && DSMLField.derivable.contains(name.lowercased()) {
      if let userName = resource["userName"]?.string { attributes[name] = [userName] }
    }
    return attributes
  }

  /// The values of one entry.
  func values(of entry: Entry, in resource: JSONObject) throws(EndpointError) -> [String] {
    let field = entry.field
    let owner = field.schema.map { resource.value(ignoringCase: $0)?.object ?? [:] } ?? resource
    guard let value = owner[field.attribute], !value.isNull else { return [] }
    var texts: [String] = []
    var met: Set<String> = []
    for element in value.array ?? [value] where try takes(element, field) {
      guard let scalar = field.part.map({ element[$0] }) ?? element, !scalar.isNull else { continue }
      let text = try text(of: scalar, field)
      if met.insert(text).inserted { texts.append(text) }
    }
    guard texts.count <= 1 || field.isRepeated else {
      throw EndpointError(.rejected, "the target has room for one of `\(field.attribute)` only")
    }
    return texts
  }

  /// Whether an element of a multi-valued attribute belongs to this field.
  /// - Throws: `rejected` for one that belongs to none.
  private func takes(_ element: JSONValue, _ field: DSMLField) throws(EndpointError) -> Bool {
    guard let type = field.type else { return true }
    let types = entries(of: field.attribute, in: field.schema).compactMap(\.field.type)
    guard let own = element["type"]?.string else { return types.first == type }
    guard types.contains(where: own.isSameName) else {
      throw EndpointError(.rejected, "the target has no attribute for `\(field.attribute)` of the type '\(own)'")
    }
    return own.isSameName(as: type)
  }

  private func text(of value: JSONValue, _ field: DSMLField) throws(EndpointError) -> String {
    switch value {
    case .string(let text): return field.form == .reference ? PSOIdentifier(text: text).id : text
    case .bool(let flag): return flag ? "true" : "false"
    case .number(let number): return number.literal
    case .null, .array, .object:
      throw EndpointError(.rejected, "`\(field.attribute)` has a value that no DSML attribute can hold")
    }
  }
}

// MARK: From the target

extension DSMLMapping {
  /// The resource that an object holds: what the mapping does not know of it is left out, and so is a password, whatever
  /// the provider tells of it.
  func resource(_ id: PSOIdentifier, _ attributes: DSMLAttributes) -> Resource {
    var resource: JSONObject = ["id": .string(id.text)]
    for entry in entries where entry.field != .password {
      let values = attributes[entry.name]
      guard !values.isEmpty else { continue }
      let owner = entry.field.schema.map { resource[$0]?.object ?? [:] } ?? resource
      let filled = Self.adding(values, of: entry.field, to: owner)
      if let schema = entry.field.schema { resource[schema] = .object(filled) } else { resource = filled }
    }
    if let name = resource["userName"]?.string { resource["userName"] = .string(UserStoreDomain.kept(name)) }
    return Resource(resource)
  }

  /// The attributes of an object as we would have written them: what is no difference in the resource, such as
  /// `PRIMARY/` before a name, must be none here either.
  func normalForm(of object: SPMLObject) throws(EndpointError) -> DSMLAttributes {
    try attributes(of: resource(object.id, object.attributes).attributes)
  }

  private static func adding(_ values: [String], of field: DSMLField, to owner: JSONObject) -> JSONObject {
    var owner = owner
    let there = owner[field.attribute]
    if field.isRepeated {
      let elements = values.map { value in
        var element: JSONObject = [field.part ?? "value": .string(value)]
        element["type"] = field.type.map(JSONValue.string)
        return JSONValue.object(element)
      }
      owner[field.attribute] = .array((there?.array ?? []) + elements)
    } else if let part = field.part {
      // An address is the one element that its parts are gathered in.
      let isElement = field.attribute == "addresses"
      var whole = (isElement ? there?.array?.first?.object : there?.object) ?? [:]
      whole[part] = .string(values[0])
      owner[field.attribute] = isElement ? [.object(whole)] : .object(whole)
    } else {
      owner[field.attribute] = field.form == .boolean ? .bool(isTrue(values[0])) : .string(values[0])
    }
    return owner
  }

  static func isTrue(_ text: String) -> Bool {
    ["true", "1", "yes"].contains(text.lowercased().filter { !$0.isWhitespace })
  }
}

extension AttributePath {
  /// The extension that the path leads into; nil for the core schema of the type.
  func extensionSchema(of type: ResourceType) -> String? {
    schema.flatMap { $0.isSameName(as: type.schema) ? nil : $0 }
  }
}
