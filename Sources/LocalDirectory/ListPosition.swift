import JSON

/// Where a listing goes on: behind the last resource of a page. It names places, not numbers of pages, so it stays good
/// whatever is created and deleted meanwhile.
package struct ListPosition: Hashable, Sendable {
  /// Which of the types of the listing, counted from 0.
  var section: Int
  /// In the order of creation within the type.
  var position: Int
  /// What the resource was sorted by; nil in the order of creation.
  var key: SortKey?
  /// How many there were in all when the walk began.
  var total: Int

  /// The position as a short list, for whoever has to hand it out.
  package var json: JSONValue {
    let place: [JSONValue] = [section, position, total].map { .number(JSONNumber($0)) }
    return .array(place + (key.map { [$0.json] } ?? []))
  }

  /// nil for what ``json`` did not write.
  package init?(_ json: JSONValue) {
    guard let parts = json.array, (3...4).contains(parts.count), let section = parts[0].int, section >= 0,
      let position = parts[1].int, let total = parts[2].int
    else { return nil }
    let key = parts.count == 4 ? SortKey(json: parts[3]) : nil
    guard parts.count == 3 || key != nil else { return nil }
    self.init(section: section, position: position, key: key, total: total)
  }

  init(section: Int, position: Int, key: SortKey? = nil, total: Int) {
    self.section = section
    self.position = position
    self.key = key
    self.total = total
  }
}

extension SortKey {
  fileprivate var json: JSONValue {
    switch self {
    // As text, which gives back the same double.
    case .number(let number): ["n", .string(String(number))]
    case .text(let text): ["t", .string(text)]
    case .missing: ["m"]
    }
  }

  fileprivate init?(json: JSONValue) {
    let parts = json.array ?? []
    switch (parts.first?.string, parts.last?.string) {
    case ("n", let text?): guard let number = Double(text) else { return nil }; self = .number(number)
    case ("t", let text?): self = .text(text)
    case ("m", _): self = .missing
    default: return nil
    }
  }
}
