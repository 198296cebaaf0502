import JSON

/// The elements of a multi-valued attribute (RFC 7643 section 2.4), of which a claim shows some.
struct ElementList {
  private(set) var elements: [JSONObject]

  init(_ value: JSONValue?) { elements = (value?.array ?? []).compactMap(\.object) }

  var json: JSONValue { .array(elements.map(JSONValue.object)) }

  /// The primary element, or the first.
  var preferred: JSONObject? { preferredIndex.map { elements[$0] } }

  private var preferredIndex: Int? {
    elements.firstIndex { $0["primary"]?.bool == true } ?? elements.indices.first
  }

  func values(ofType type: String?) -> [String] { places(ofType: type).compactMap { elements[$0]["value"]?.string } }

  /// Makes the values of a type exactly these: what an element says beside its value stays, in the order of the values.
  mutating func set(_ values: [String], ofType type: String?) {
    let places = places(ofType: type)
    let label = places.first.flatMap { elements[$0]["type"] } ?? type.map(JSONValue.string)
    for (place, value) in zip(places, values) { elements[place]["value"] = .string(value) }
    for value in values.dropFirst(places.count) { append(value, label) }
    for place in places.dropFirst(values.count).reversed() { elements.remove(at: place) }
  }

  /// Sets a part of the preferred element, or takes it away; an element that says nothing any more goes.
  mutating func setPart(_ name: String, to value: String?) {
    if preferredIndex == nil { elements.append(JSONObject()) }
    guard let place = preferredIndex else { return }
    elements[place][name] = value.map(JSONValue.string)
    if elements[place].keys.allSatisfy({ $0 == "type" || $0 == "primary" }) { elements.remove(at: place) }
  }

  private mutating func append(_ value: String, _ label: JSONValue?) {
    var element: JSONObject = ["value": .string(value)]
    element["type"] = label
    if elements.isEmpty { element["primary"] = true }
    elements.append(element)
  }

  /// Where the elements of a type stand. Without a type: those that have none, or else those of the preferred type, with
  /// the primary one first.
  private func places(ofType type: String?) -> [Int] {
    let ofType = { (type: String?) in elements.indices.filter { elements[$0]["type"]?.string?.lowercased() == type } }
    if let type { return ofType(type) }
    let untyped = ofType(nil)
    let places = untyped.isEmpty ? ofType(preferred?["type"]?.string?.lowercased()) : untyped
    return places.filter { elements[$0]["primary"]?.bool == true }
      + places.filter { elements[$0]["primary"]?.bool != true }
  }
}
