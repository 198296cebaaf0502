import JSON
import Reconciliation

/// Fills the fields that a new user of Salesforce must have and that no manifest names.
struct NewUserDefaults: Hashable, Sendable {
  /// The name of the setting that stands for the id of a profile.
  static let profileName = "ProfileName"

  /// From the manifest: by field, with ``profileName``.
  let declared: [String: String]

  /// The record with all that is required.
  /// - Throws: `misconfigured` when no profile is named: it says what the user may do, so none is made up.
  func completing(_ record: JSONObject) throws(EndpointError) -> JSONObject {
    var record = record
    for (field, value) in declared.sorted(by: { $0.key < $1.key }) where field != Self.profileName {
      fill(&record, field, value)
    }
    if let profile = declared[Self.profileName] { fill(&record, "ProfileId", profile) }
    guard record.holds("ProfileId") else {
      throw EndpointError(
        .misconfigured,
        "a new user needs a profile: set `salesforce.defaults.\(Self.profileName)`, or `profile` of the extension"
          + " \(UserField.extensionURN)")
    }
    for (field, value) in Self.customary { fill(&record, field, value) }
    if !record.holds("IsActive") { record["IsActive"] = true }
    fillFromUserName(&record)
    return record
  }

  /// What most organisations have.
  private static let customary = [
    ("EmailEncodingKey", "UTF-8"), ("LanguageLocaleKey", "en_US"), ("LocaleSidKey", "en_US"), ("TimeZoneSidKey", "GMT"),
  ]

  /// A user name has the form of an e-mail address, and says enough to call somebody by.
  private func fillFromUserName(_ record: inout JSONObject) {
    guard let userName = record["Username"]?.string else { return }
    let local = String(userName.prefix { $0 != "@" })
    if userName.contains("@") { fill(&record, "Email", userName) }
    fill(&record, "LastName", String(local.prefix(80)))
    fill(&record, "Alias", alias(record, local))
  }

  /// Eight characters at most: the first letter of the given name, and of the family name what fits.
  private func alias(_ record: JSONObject, _ local: String) -> String {
    let given = record["FirstName"]?.string ?? ""
    let names = given.prefix(1) + (given.isEmpty ? local : record["LastName"]?.string ?? local)
    let plain = names.lowercased().filter { $0.isLetter || $0.isNumber }
    return String((plain.isEmpty ? "user" : plain).prefix(8))
  }

  private func fill(_ record: inout JSONObject, _ field: String, _ value: String) {
    if !record.holds(field), !value.isEmpty { record[field] = .string(value) }
  }
}

extension JSONObject {
  fileprivate func holds(_ field: String) -> Bool { self[field].map { !$0.isNull } ?? false }
}
