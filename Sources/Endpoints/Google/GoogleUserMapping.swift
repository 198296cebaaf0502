import JSON
import SCIM

/// A user as the Directory API has it, and as SCIM has it. Pure: who a manager's address belongs to is told from outside.
enum GoogleUserMapping {
  /// - Parameter manager: the id of the user with this address; nil leaves the address in its place.
  static func resource(_ user: JSONObject, manager: (String) -> String? = { _ in nil }) -> Resource {
    var result: JSONObject = ["schemas": schemas]
    result["id"] = user["id"]
    result["externalId"] = OwnEntry.externalID.find(in: user)?["value"]
    result["userName"] = user["primaryEmail"]
    result["name"] = name(user["name"])
    result["displayName"] = text(user["name"]?["displayName"])
    result["active"] = .bool(user["suspended"]?.bool != true)
    result["emails"] = list(GoogleEmail.decoded(user))
    result["phoneNumbers"] = list(phones(user["phones"]))
    result["addresses"] = list(addresses(user["addresses"]))
    result["preferredLanguage"] = text(OwnEntry.language.find(in: user)?["languageCode"])
    let organization = OwnEntry.organization.find(in: user)
    for (attribute, field) in organizationFields { result[attribute] = text(organization?[field]) }
    let enterprise = enterprise(user, organization, manager)
    if !enterprise.isEmpty { result[SchemaURN.enterpriseUser] = .object(enterprise) }
    return Resource(result)
  }

  /// The address that stands for the manager.
  static func managerAddress(_ user: JSONObject) -> String? { OwnEntry.manager.find(in: user)?["value"]?.string }

  private static let schemas: JSONValue = [.string(SchemaURN.user), .string(SchemaURN.enterpriseUser)]

  private static func enterprise(
    _ user: JSONObject, _ organization: JSONObject?, _ manager: (String) -> String?
  ) -> JSONObject {
    var enterprise: JSONObject = [:]
    enterprise["employeeNumber"] = OwnEntry.employeeNumber.find(in: user)?["value"]
    for (attribute, field) in enterpriseFields { enterprise[attribute] = text(organization?[field]) }
    if let address = managerAddress(user) { enterprise["manager"] = ["value": .string(manager(address) ?? address)] }
    return enterprise
  }

  private static func name(_ name: JSONValue?) -> JSONValue? {
    var result: JSONObject = [:]
    result["formatted"] = text(name?["fullName"])
    result["givenName"] = text(name?["givenName"])
    result["familyName"] = text(name?["familyName"])
    return result.isEmpty ? Optional.none : .object(result)
  }

  private static func phones(_ phones: JSONValue?) -> [JSONValue] {
    (phones?.array ?? []).compactMap(\.object).compactMap { entry in
      guard let value = text(entry["value"]) else { return nil }
      var phone: JSONObject = ["value": value, "type": .string(GoogleLabel.phone.type(of: entry))]
      if entry["primary"] == true { phone["primary"] = true }
      return .object(phone)
    }
  }

  private static func addresses(_ addresses: JSONValue?) -> [JSONValue] {
    (addresses?.array ?? []).compactMap(\.object).map { entry in
      var address: JSONObject = ["type": .string(GoogleLabel.address.type(of: entry))]
      for field in addressFields { address[field] = text(entry[field]) }
      address["country"] = text(entry["countryCode"]) ?? text(entry["country"])
      if entry["primary"] == true { address["primary"] = true }
      return .object(address)
    }
  }

  /// nil for nothing and for empty text: Google gives both for what was never set.
  private static func text(_ value: JSONValue?) -> JSONValue? {
    guard let text = value?.string, !text.isEmpty else { return nil }
    return .string(text)
  }

  private static func list(_ elements: [JSONValue]) -> JSONValue? {
    elements.isEmpty ? Optional.none : .array(elements)
  }

  /// Attributes of the core schema that are fields of the primary organisation. What an administrator's console shows as
  /// the type of employee is its description.
  static let organizationFields = [("title", "title"), ("userType", "description")]
  static let enterpriseFields = [("department", "department"), ("costCenter", "costCenter"), ("organization", "name")]
  static let addressFields = ["formatted", "streetAddress", "locality", "region", "postalCode"]
}
