import JSON

/// How Google names the kind of an address or a number: a word of a list, or `custom` and any word beside it.
struct GoogleLabel: Sendable {
  /// The words of the list.
  let known: Set<String>
  /// Words of SCIM (RFC 7643 section 4.1.2) that Google spells otherwise.
  var spellings: [String: String] = [:]

  static let address = GoogleLabel(known: ["home", "other", "work"])
  static let phone = GoogleLabel(
    known: [
      "assistant", "callback", "car", "company_main", "grand_central", "home", "home_fax", "isdn", "main", "mobile",
      "other", "other_fax", "pager", "radio", "telex", "tty_tdd", "work", "work_fax", "work_mobile", "work_pager",
    ],
    spellings: ["fax": "work_fax"])

  /// Writes a type into an entry; one that is not told is `work`, as there must be one.
  func put(_ type: String?, into entry: inout JSONObject) {
    let word = type ?? "work"
    let lower = word.lowercased()
    if let spelling = spellings[lower] {
      entry["type"] = .string(spelling)
    } else if known.contains(lower), !spellings.values.contains(lower) {
      entry["type"] = .string(lower)
    } else {
      entry["type"] = "custom"
      entry["customType"] = .string(word)
    }
  }

  /// The type of an entry; `work` when it has none.
  func type(of entry: JSONObject) -> String {
    guard let word = entry["type"]?.string, !word.isEmpty else { return entry["customType"]?.string ?? "work" }
    if word.lowercased() == "custom" { return entry["customType"]?.string ?? "custom" }
    return spellings.first { $0.value == word }?.key ?? word
  }
}
