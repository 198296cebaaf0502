import JSON
import SCIM

extension GoogleUserMapping {
  /// The fields of a user as the Directory API wants them; null clears one.
  /// - Parameters:
  ///   - user: as SCIM has it, its manager told by address.
  ///   - fields: what to write.
  ///   - current: what Google has in the fields that are only partly ours.
  static func body(_ user: JSONObject, fields: Set<GoogleUserField>, current: JSONObject) -> JSONObject {
    var body: JSONObject = [:]
    var name: JSONObject = [:]
    var shared = current
    for field in GoogleUserField.allCases where fields.contains(field) {
      switch field {
      case .primaryEmail: body["primaryEmail"] = user["userName"]
      case .givenName, .familyName: name[field.rawValue] = user["name"]?[field.rawValue] ?? .null
      case .displayName: name["displayName"] = user["displayName"] ?? .null
      case .suspended: body["suspended"] = .bool(user["active"] == false)
      case .password: body["password"] = user["password"]
      case .emails:
        body["emails"] = list(GoogleEmail.encoded(elements(user["emails"]), userName: user["userName"]?.string))
      case .phones: body["phones"] = list(elements(user["phoneNumbers"]).compactMap(phone))
      case .addresses: body["addresses"] = list(elements(user["addresses"]).compactMap(address))
      case .organizations, .externalIds, .relations, .languages:
        for (entry, values) in entries(of: field, user) { shared[entry.list] = entry.setting(values, in: shared) }
        body[field.rawValue] = shared[field.rawValue] ?? .null
      }
    }
    if !name.isEmpty { body["name"] = .object(name) }
    return body
  }

  /// The fields that a new user has something to write into.
  static func fields(of user: JSONObject) -> Set<GoogleUserField> {
    let operation = PatchOperation(.add, value: .object(user))
    return GoogleUserField.touched(by: operation).subtracting(user["active"] == false ? [] : [.suspended])
  }

  private static func entries(
    of field: GoogleUserField, _ user: JSONObject
  ) -> [(entry: OwnEntry, values: [(String, JSONValue?)])] {
    let enterprise = user.value(ignoringCase: SchemaURN.enterpriseUser)?.object
    switch field {
    case .organizations:
      let core = organizationFields.map { ($0.1, user[$0.0]) }
      return [(.organization, core + enterpriseFields.map { ($0.1, enterprise?[$0.0]) })]
    case .externalIds:
      return [
        (.externalID, [("value", user["externalId"])]), (.employeeNumber, [("value", enterprise?["employeeNumber"])]),
      ]
    case .relations: return [(.manager, [("value", enterprise?["manager"]?["value"])])]
    case .languages: return [(.language, [("languageCode", user["preferredLanguage"])])]
    case .primaryEmail, .givenName, .familyName, .displayName, .suspended, .password, .emails, .phones, .addresses:
      return []
    }
  }

  private static func phone(_ element: JSONValue) -> JSONValue? {
    guard let value = element["value"] else { return nil }
    var entry: JSONObject = ["value": value]
    GoogleLabel.phone.put(element["type"]?.string, into: &entry)
    if element["primary"] == true { entry["primary"] = true }
    return .object(entry)
  }

  private static func address(_ element: JSONValue) -> JSONValue? {
    guard let address = element.object else { return nil }
    var entry: JSONObject = [:]
    GoogleLabel.address.put(address["type"]?.string, into: &entry)
    for field in addressFields { entry[field] = address[field] }
    if let country = address["country"]?.string {
      // SCIM knows codes only (ISO 3166-1 alpha-2); Google tells codes and names apart.
      let isCode = country.utf8.count == 2 && country.allSatisfy(\.isLetter)
      entry[isCode ? "countryCode" : "country"] = .string(country)
    }
    if address["primary"] == true { entry["primary"] = true }
    return .object(entry)
  }

  private static func elements(_ list: JSONValue?) -> [JSONValue] { list?.array ?? [] }

  private static func list(_ elements: [JSONValue]) -> JSONValue { elements.isEmpty ? .null : .array(elements) }
}
