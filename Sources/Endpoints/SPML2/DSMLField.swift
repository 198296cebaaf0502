import SCIM

/// A place in a SCIM resource, and the DSML attributes that may hold it.
struct DSMLField: Hashable, Sendable {
  enum Form: Hashable, Sendable {
    case text
    case boolean
    /// The identifier of another object.
    case reference
  }

  /// The URN of the extension that the attribute belongs to; nil for the core schema.
  var schema: String?
  var attribute: String
  /// The part of a complex attribute.
  var part: String?
  /// For the elements of a multi-valued attribute: whether each value of the DSML attribute is one.
  var isRepeated = false
  /// Which elements are meant, where the types stand apart; the first of an attribute's fields takes what has none.
  var type: String?
  var form = Form.text
  /// In the order of preference.
  var names: [String]

  /// - Parameter place: `title`, `name.givenName`, or with the type of an element `emails.value=home`.
  init(_ place: String, _ names: [String], in schema: String? = nil, isRepeated: Bool = false, form: Form = .text) {
    let typed = place.split(separator: "=")
    let parts = typed[0].split(separator: ".").map(String.init)
    self.schema = schema
    attribute = parts[0]
    part = parts.count > 1 ? parts[1] : nil
    type = typed.count > 1 ? String(typed[1]) : nil
    self.isRepeated = isRepeated
    self.form = form
    self.names = names
  }

  /// Whether both are of the same attribute.
  func isOfAttribute(of other: DSMLField) -> Bool {
    attribute == other.attribute && schema == other.schema
  }
}

extension DSMLField {
  /// The attributes of users: first as `inetOrgPerson` (RFC 2798) and what it is built on (RFC 4519) call them, then as
  /// WSO2's claims and its SPML connector do, then as SCIM does.
  static let ofUsers: [DSMLField] =
    [
      DSMLField("userName", ["uid", "userName", "accountId", "userid", "login", "sAMAccountName"]),
      DSMLField("externalId", ["externalId"]),
      DSMLField("name.familyName", ["sn", "surname", "lastName", "familyName"]),
      DSMLField("name.givenName", ["givenName", "firstName"]),
      DSMLField("displayName", ["displayName"]),
      DSMLField("name.formatted", ["cn", "commonName", "fullName", "formattedName"]),
      DSMLField("name.middleName", ["middleName"]),
      DSMLField("name.honorificPrefix", ["personalTitle", "honorificPrefix"]),
      DSMLField("name.honorificSuffix", ["generationQualifier", "honorificSuffix"]),
      DSMLField("nickName", ["nickName"]),
      DSMLField("profileUrl", ["labeledURI", "url", "profileUrl"]),
      DSMLField("title", ["title"]),
      DSMLField("userType", ["employeeType", "userType"]),
      DSMLField("preferredLanguage", ["preferredLanguage"]),
      DSMLField("locale", ["locale"]),
      DSMLField("timezone", ["timezone"]),
    ] + contactsOfUsers + positionOfUsers

  private static let contactsOfUsers: [DSMLField] =
    [
      DSMLField("emails.value=work", ["mail", "email", "emailAddress", "emails"], isRepeated: true),
      DSMLField("emails.value=home", ["homeEmail", "homeMail"], isRepeated: true),
      DSMLField("emails.value=other", ["otherEmail", "otherMailbox"], isRepeated: true),
      DSMLField(
        "phoneNumbers.value=work", ["telephoneNumber", "telephone", "phone", "phoneNumbers"], isRepeated: true),
      DSMLField("phoneNumbers.value=mobile", ["mobile"], isRepeated: true),
      DSMLField("phoneNumbers.value=home", ["homePhone"], isRepeated: true),
      DSMLField("phoneNumbers.value=fax", ["facsimileTelephoneNumber", "fax"], isRepeated: true),
      DSMLField("phoneNumbers.value=pager", ["pager"], isRepeated: true),
      DSMLField("addresses.streetAddress", ["street", "streetAddress"]),
      DSMLField("addresses.locality", ["l", "localityName", "locality", "city"]),
      DSMLField("addresses.region", ["st", "stateOrProvinceName", "region", "state"]),
      DSMLField("addresses.postalCode", ["postalCode"]),
      DSMLField("addresses.country", ["c", "countryName", "country"]),
      DSMLField("addresses.formatted", ["postalAddress"]),
    ]

  private static let positionOfUsers: [DSMLField] = [
    DSMLField("employeeNumber", ["employeeNumber"], in: SchemaURN.enterpriseUser),
    DSMLField("department", ["departmentNumber", "department"], in: SchemaURN.enterpriseUser),
    DSMLField("organization", ["o", "organizationName", "organization"], in: SchemaURN.enterpriseUser),
    DSMLField("division", ["division"], in: SchemaURN.enterpriseUser),
    DSMLField("costCenter", ["costCenter"], in: SchemaURN.enterpriseUser),
    DSMLField("manager.value", ["manager"], in: SchemaURN.enterpriseUser, form: .reference),
  ]

  /// Asked for where the target has no capability for it.
  static let active = DSMLField("active", ["active"], form: .boolean)
  static let password = DSMLField("password", ["userPassword", "password", "credentials"])

  /// The attributes of groups, as `groupOfNames` (RFC 4519 section 3.5) has them first.
  static let ofGroups: [DSMLField] = [
    DSMLField("displayName", ["cn", "displayName", "name", "groupName"]),
    DSMLField("externalId", ["externalId"]),
    DSMLField(
      "members.value", ["member", "uniqueMember", "members"], isRepeated: true, form: .reference),
  ]

  /// Attributes that a class requires and no manifest gives are made of the userName, as directories are fed in practice.
  static let derivable: Set<String> = ["cn", "sn"]
}
