import JSON
import Reconciliation
import SCIM

/// Writes what is live into the `spec` of a document.
struct SpecEditor {
  private static let shorthand = "enterprise"

  let type: ResourceType?
  let catalog: SchemaCatalog
  /// Everything that manifests describe.
  let keys: Set<ResourceKey>

  func write(_ wish: Wish, into spec: inout SyntaxCollection) throws(Obstacle) {
    if Self.memberships(of: type, catalog).contains(wish.path) {
      let editor = MembersEditor(keys: keys)
      return try editor.write(wish, into: &spec)
    }
    guard let path = try? AttributePath(parsing: wish.path) else {
      throw Obstacle("a difference so deep is not written back: change the manifest by hand")
    }
    if path.attribute == "active", let lifecycle = spec.index(of: "lifecycle") {
      throw Obstacle("`active` follows the lifecycle", at: spec.items[lifecycle].range.lowerBound)
    }
    guard let schema = path.schema, schema.lowercased() != type?.schema.lowercased() else {
      return try write(wish, at: path, attribute(path), into: &spec)
    }
    try editExtension(schema, of: &spec) { (mapping) throws(Obstacle) in
      try write(wish, at: path, attribute(path), into: &mapping)
    }
  }

  /// The names under which resources of the type list who belongs to them.
  static func memberships(of type: ResourceType?, _ catalog: SchemaCatalog) -> Set<String> {
    guard let type else { return [] }
    return Set(["User", "Group"].compactMap { catalog.membershipAttribute(of: type, for: $0) })
  }

  private func attribute(_ path: AttributePath) -> Attribute? {
    let schema = path.schema ?? type?.schema
    return schema.flatMap(catalog.schema)?.attribute(path.attribute) ?? Schema.common.attribute(path.attribute)
  }

  private func editExtension(
    _ urn: String, of spec: inout SyntaxCollection, _ body: (inout SyntaxCollection) throws(Obstacle) -> Void
  ) throws(Obstacle) {
    if urn.lowercased() == SchemaURN.enterpriseUser.lowercased(), spec.index(of: Self.shorthand) != nil {
      return try spec.editMapping(Self.shorthand, body)
    }
    try spec.editMapping("extensions") { (extensions) throws(Obstacle) in
      let written = extensions.items.compactMap(\.name).first { $0.lowercased() == urn.lowercased() }
      try extensions.editMapping(written ?? urn, body)
    }
  }

  private func write(
    _ wish: Wish, at path: AttributePath, _ attribute: Attribute?, into mapping: inout SyntaxCollection
  ) throws(Obstacle) {
    let name = path.attribute
    if case .compare(let part, .equal, .string(let text))? = path.valueFilter {
      return try mapping.editList(name) { (list) throws(Obstacle) in
        try ElementsEditor(attribute: attribute, name: name)
          .write(wish, part: part.attribute, is: text, sub: path.subAttribute, into: &list)
      }
    }
    if path.valueFilter != nil { throw Obstacle("the element that differs cannot be told from the others") }
    if let sub = path.subAttribute {
      return try mapping.editMapping(name) { (parts) throws(Obstacle) in
        try parts.setOrRemove(sub, to: wish.live, attribute?.subAttribute(sub))
      }
    }
    if attribute?.isMultiValued == true {
      return try mapping.editList(name) { (list) throws(Obstacle) in
        try ElementsEditor(attribute: attribute, name: name).write(wish.live?.array ?? [], into: &list)
      }
    }
    try mapping.setOrRemove(name, to: try readable(wish, attribute), attribute)
  }

  /// A reference is written by the name of the document that it leads to.
  private func readable(_ wish: Wish, _ attribute: Attribute?) throws(Obstacle) -> JSONValue? {
    guard let live = wish.live, let attribute, attribute.type == .complex,
      let kind = attribute.referencedTypes.first
    else { return wish.live }
    guard let name = live.string, keys.contains(ResourceKey(kind, name)) else {
      throw Obstacle("it leads to \(live.string ?? "something") there, which no manifest describes")
    }
    return live
  }
}

extension SyntaxCollection {
  /// What is not there is not written any more, unless it has to be.
  mutating func setOrRemove(_ name: String, to value: JSONValue?, _ attribute: Attribute?) throws(Obstacle) {
    if let value { return try set(name, to: value) }
    if attribute?.isRequired == true { throw Obstacle("it has no value there, and `\(name)` must have one") }
    try remove(name)
  }
}

/// Writes the elements of a multi-valued attribute.
struct ElementsEditor {
  let attribute: Attribute?
  let name: String

  /// One element, told by one of its parts: `emails[type eq "work"]`.
  func write(
    _ wish: Wish, part: String, is text: String, sub: String?, into list: inout SyntaxCollection
  ) throws(Obstacle) {
    let index = list.items.firstIndex { item in
      guard let mapping = item.value.collection, let place = mapping.index(of: part) else { return false }
      return mapping.items[place].value.scalar?.text.lowercased() == text.lowercased()
    }
    if sub == nil, index == nil, let live = wish.live { return list.append(element(live)) }
    guard let index else { throw Obstacle("the element with \(part) \(text) is not written in this document") }
    guard let sub else { return try list.remove(at: index) }
    try list.items[index].value.edit(isMapping: true, name: name) { (mapping) throws(Obstacle) in
      try mapping.setOrRemove(sub, to: wish.live, attribute?.subAttribute(sub))
    }
  }

  /// All elements, told by their values.
  func write(_ live: [JSONValue], into list: inout SyntaxCollection) throws(Obstacle) {
    var wanted = Dictionary(live.map { (Self.identity($0), $0) }, uniquingKeysWith: { first, _ in first })
    for index in list.items.indices.reversed() {
      let identity = try identity(list.items[index].value)
      guard let there = wanted.removeValue(forKey: identity) else {
        try list.remove(at: index)
        continue
      }
      guard let parts = there.object, list.items[index].value.collection != nil else { continue }
      try list.items[index].value.edit(isMapping: true, name: name) { (mapping) throws(Obstacle) in
        for written in mapping.items.compactMap(\.name) where mapping.differs(written, from: parts[written]) {
          try mapping.setOrRemove(written, to: parts[written], attribute?.subAttribute(written))
        }
      }
    }
    for value in live where wanted.removeValue(forKey: Self.identity(value)) != nil { list.append(element(value)) }
  }

  private func identity(_ node: SyntaxNode) throws(Obstacle) -> String {
    try node.checkFree()
    if let scalar = node.scalar { return scalar.text }
    guard let mapping = node.collection, let value = mapping.index(of: "value"),
      let text = mapping.items[value].value.scalar?.text
    else { throw Obstacle("the elements of `\(name)` cannot be told apart", at: node.range.lowerBound) }
    return text
  }

  private static func identity(_ value: JSONValue) -> String { value.string ?? value["value"]?.string ?? value.text }

  /// A live element without what only the endpoint says of it.
  private func element(_ live: JSONValue) -> SyntaxNode {
    guard let object = live.object else { return SyntaxNode(live) }
    let members = object.members.filter { member in
      let isWritable = attribute?.subAttribute(member.key).map { $0.mutability != .readOnly } ?? true
      return isWritable && member.key != "$ref" && !member.value.isNull
        && !(member.key == "primary" && member.value == false)
    }
    return SyntaxNode(.object(JSONObject(uniqueMembers: members)))
  }
}

extension SyntaxCollection {
  /// Whether the scalar below a key says something else than a value.
  fileprivate func differs(_ name: String, from value: JSONValue?) -> Bool {
    guard let index = index(of: name), let scalar = items[index].value.scalar else { return false }
    return YAMLScalar.inferred(scalar.text, isPlain: scalar.isPlain) != value && value?.string != scalar.text
  }
}
