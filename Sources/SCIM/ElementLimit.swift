import JSON

/// Which elements of a multi-valued attribute fit where an endpoint keeps them in single fields.
package enum ElementLimit: Hashable, Sendable {
  /// One element, whatever its type; it is told with these parts besides its value.
  case one(JSONObject)
  /// One element of each of these types; one without a type is of the first.
  case onePerType([String])
  /// One element of each of these types, which each must say; whatever else it is goes with it.
  case oneOfEach([String])

  /// The elements that fit, as the endpoint will tell them: the primary one where there is a choice, else the first.
  package func fitting(_ elements: [JSONValue]) -> [JSONValue] {
    let objects = elements.compactMap(\.object)
    switch self {
    case .one(let parts):
      let type = parts["type"]?.string
      let chosen =
        objects.first(where: \.isPrimary) ?? objects.first { type != nil && $0.isOf(type ?? "") } ?? objects.first
      return chosen.map { [.object($0.told(with: parts))] } ?? []
    case .onePerType(let types):
      return types.compactMap { type in
        let candidates = objects.filter { $0.isOf(type) || ($0["type"] == nil && type == types.first) }
        let chosen = candidates.first(where: \.isPrimary) ?? candidates.first
        return chosen.map { .object($0.told(with: ["type": .string(type)])) }
      }
    case .oneOfEach(let types):
      return types.compactMap { type in objects.first { $0["type"]?.string == type }.map(JSONValue.object) }
    }
  }
}

extension JSONObject {
  fileprivate var isPrimary: Bool { self["primary"] == true }

  fileprivate func isOf(_ type: String) -> Bool { self["type"]?.string?.lowercased() == type.lowercased() }

  /// Itself with these parts instead of those that tell elements apart.
  fileprivate func told(with parts: JSONObject) -> JSONObject {
    JSONObject(uniqueMembers: members.filter { !["type", "primary"].contains($0.key) } + parts.members)
  }
}
