import JSON

/// The mail addresses of a user: Google keeps the primary one, the aliases and all others in places of their own.
struct GoogleEmail {
  /// The type that aliases have in `emails`.
  static let aliasType = "alias"

  let primary: String
  /// In lower case.
  let aliases: Set<String>

  /// - Parameter user: as the Directory API tells it.
  init(_ user: JSONObject) {
    primary = (user["primaryEmail"]?.string ?? "").lowercased()
    let names = ["aliases", "nonEditableAliases"].flatMap { user[$0]?.array ?? [] }
    aliases = Set(names.compactMap { $0.string?.lowercased() })
  }

  /// All addresses as SCIM has them, the primary one first.
  static func decoded(_ user: JSONObject) -> [JSONValue] {
    let email = GoogleEmail(user)
    let entries = (user["emails"]?.array ?? []).compactMap(\.object)
    var own: [JSONValue] = []
    var others: [JSONValue] = []
    for entry in entries {
      guard let address = entry["address"]?.string, !address.isEmpty else { continue }
      let type = JSONValue.string(GoogleLabel.address.type(of: entry))
      if address.lowercased() == email.primary {
        own = [["value": .string(address), "type": type, "primary": true]]
      } else if !email.aliases.contains(address.lowercased()) {
        others.append(["value": .string(address), "type": type])
      }
    }
    if own.isEmpty, let address = user["primaryEmail"] { own = [["value": address, "type": "work", "primary": true]] }
    // Those that nobody can edit are Google's own business.
    let aliases = (user["aliases"]?.array ?? []).map { alias in
      JSONValue.object(["value": alias, "type": .string(aliasType)])
    }
    return own + others + aliases
  }

  /// The addresses as Google keeps them in `emails`: without aliases.
  static func encoded(_ emails: [JSONValue], userName: String?) -> [JSONValue] {
    emails.compactMap { element in
      guard let address = element["value"]?.string, !isAlias(element) else { return nil }
      var entry: JSONObject = ["address": .string(address)]
      GoogleLabel.address.put(element["type"]?.string, into: &entry)
      if address.lowercased() == userName?.lowercased() { entry["primary"] = true }
      return .object(entry)
    }
  }

  /// The aliases among the addresses.
  static func aliases(in emails: JSONValue?) -> [String] {
    (emails?.array ?? []).filter(isAlias).compactMap { $0["value"]?.string }
  }

  private static func isAlias(_ element: JSONValue) -> Bool { element["type"]?.string?.lowercased() == aliasType }
}
