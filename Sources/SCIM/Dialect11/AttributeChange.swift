import JSON

/// What a SCIM 1.1 PATCH says of one attribute.
struct AttributeChange: Sendable {
  let path: AttributePath
  private let attribute: Attribute
  private let value: JSONValue

  /// nil for what no client may change: the schema does not know it, or it is read-only.
  init?(_ path: AttributePath, _ value: JSONValue, of type: ResourceType, _ catalog: SchemaCatalog) {
    guard let attribute = path.resolve(in: type, catalog: catalog), attribute.mutability != .readOnly,
      path.schema != nil || !["schemas", "meta"].contains(attribute.name)
    else { return nil }
    var path = path
    path.attribute = attribute.name
    self.path = path
    self.attribute = attribute
    self.value = value
  }

  /// Whether the values go into those that are there one by one. References need no look at them: they come and go by
  /// their ids.
  var isMerged: Bool { attribute.isMultiValued && !isReference }

  /// How many values go into those that are there.
  var mergedCount: Int { isMerged ? value.array?.count ?? 1 : 0 }

  private var isReference: Bool { !attribute.referencedTypes.isEmpty }

  func operations(on current: JSONObject, replacing: Bool) -> [PatchOperation] {
    guard attribute.isMultiValued else {
      return [PatchOperation(.replace, path, value: Dialect11.decoded(value, under: attribute.name))]
    }
    let elements = value.array ?? (value.isNull ? [] : [value])
    let kept = Dialect11.decoded(.array(elements), under: attribute.name).array ?? []
    if replacing { return [PatchOperation(.replace, path, value: .array(kept))] }
    let gone = elements.filter(\.isMarkedDeleted).compactMap(\.object)
    if isReference { return references(adding: kept, removing: gone) }
    var merged = ValueMerge(of: attribute, into: path.values(in: current))
    gone.forEach { merged.remove($0) }
    kept.forEach { merged.merge($0) }
    return [PatchOperation(.replace, path, value: .array(merged.values))]
  }

  private func references(adding kept: [JSONValue], removing gone: [JSONObject]) -> [PatchOperation] {
    let ids = gone.compactMap { $0.value(ignoringCase: "value") }
    return [
      ids.isEmpty ? nil : PatchOperation(.remove, path, value: .array(ids.map { ["value": $0] })),
      kept.isEmpty ? nil : PatchOperation(.add, path, value: .array(kept)),
    ].compactMap(\.self)
  }
}

/// The values of a multi-valued attribute, into which others are merged.
private struct ValueMerge {
  private let attribute: Attribute
  private(set) var values: [JSONValue]
  /// The positions that this request has written already.
  private var written: Set<Int> = []

  init(of attribute: Attribute, into values: [JSONValue]) {
    self.attribute = attribute
    self.values = values
  }

  /// Takes away the values that are what the parts say, `operation` aside.
  mutating func remove(_ parts: JSONObject) {
    let told = parts.members.filter { $0.key.lowercased() != "operation" && !$0.value.isNull }
    guard !told.isEmpty else { return }
    values.removeAll { value in told.allSatisfy { Self.isSame(value.object?.value(ignoringCase: $0.key), $0.value) } }
  }

  /// Merges a value into the one with the same `value`, else into the one of the same `type`: clients that keep one
  /// address a type, as WSO2's do, send the new one for the old. What fits none is added.
  mutating func merge(_ value: JSONValue) {
    if let index = values.firstIndex(of: value) {
      written.insert(index)
      return
    }
    guard let parts = value.object ?? value.string.map({ ["value": .string($0)] }), attribute.type == .complex else {
      values.append(value)
      return
    }
    let index = index(of: "value", parts) ?? index(of: "type", parts, among: { !written.contains($0) }) ?? values.count
    if parts.value(ignoringCase: "primary")?.bool == true { clearPrimary() }
    if index == values.count { values.append(.object([:])) }
    var object = values[index].object ?? ["value": values[index]]
    for part in parts { object[object.spelling(of: part.key) ?? part.key] = part.value }
    values[index] = .object(object)
    written.insert(index)
  }

  private func index(of part: String, _ parts: JSONObject, among isFree: (Int) -> Bool = { _ in true }) -> Int? {
    guard let told = parts.value(ignoringCase: part), !told.isNull else { return nil }
    return values.indices.first {
      isFree($0) && Self.isSame(values[$0].object?.value(ignoringCase: part), told)
    }
  }

  private mutating func clearPrimary() {
    for index in values.indices {
      guard var object = values[index].object, object["primary"] != nil else { continue }
      object["primary"] = nil
      values[index] = .object(object)
    }
  }

  private static func isSame(_ a: JSONValue?, _ b: JSONValue) -> Bool {
    if let a = a?.string, let b = b.string { return a.lowercased() == b.lowercased() }
    return a == b
  }
}
