import JSON

/// The one entry of a list of Google's that stands for an attribute of SCIM; the other entries are none of our business,
/// and go back as they came, since a list is always written whole.
struct OwnEntry: Sendable {
  /// The field of the user.
  let list: String
  /// What marks the entry, and is written into a new one.
  let mark: JSONObject
  /// Whether an entry without any mark will do where none has it.
  var takesUnmarked = false

  static let externalID = OwnEntry(list: "externalIds", mark: ["type": "custom", "customType": "externalId"])
  /// What an administrator's console shows as the id of the employee.
  static let employeeNumber = OwnEntry(list: "externalIds", mark: ["type": "organization"])
  static let manager = OwnEntry(list: "relations", mark: ["type": "manager"])
  static let language = OwnEntry(list: "languages", mark: ["preference": "preferred"], takesUnmarked: true)
  static let organization = OwnEntry(list: "organizations", mark: ["primary": true], takesUnmarked: true)

  func find(in user: JSONObject) -> JSONObject? {
    let entries = (user[list]?.array ?? []).compactMap(\.object)
    return place(in: entries).map { entries[$0] }
  }

  /// The list with these fields set in the entry, or taken out of it where they are nil or null; an entry of which nothing
  /// but its marks is left is dropped.
  func setting(_ fields: [(String, JSONValue?)], in user: JSONObject) -> JSONValue {
    var entries = (user[list]?.array ?? []).compactMap(\.object)
    let place = place(in: entries)
    var entry = place.map { entries[$0] } ?? [:]
    for member in mark.members { entry[member.key] = member.value }
    for (name, value) in fields { entry[name] = value?.isNull == true ? Optional.none : value }
    let isEmpty = entry.members.allSatisfy { mark[$0.key] != nil || Self.marks.contains($0.key) }
    switch (place, isEmpty) {
    case (let place?, true): entries.remove(at: place)
    case (let place?, false): entries[place] = entry
    case (nil, true): break
    case (nil, false): entries.append(entry)
    }
    return entries.isEmpty ? .null : .array(entries.map(JSONValue.object))
  }

  private func place(in entries: [JSONObject]) -> Int? {
    let marked = entries.firstIndex { entry in mark.members.allSatisfy { entry[$0.key] == $0.value } }
    guard marked == nil, takesUnmarked else { return marked }
    return entries.firstIndex { entry in mark.members.allSatisfy { entry[$0.key] == nil } }
  }

  private static let marks: Set<String> = ["type", "customType", "primary"]
}
