import SCIM

/// One field of the sObject `User`, and the attribute of a SCIM user that stands in it.
struct UserField: Hashable, Sendable {
  enum Place: Hashable, Sendable {
    /// A single value, or a part of a complex one.
    case attribute(AttributePath)
    /// A part of the element of this type; every element of an attribute without types.
    case element(of: String, type: String?, part: String)
  }

  enum Form: Hashable, Sendable {
    case text
    case flag
    /// A language or a locale: `en_US` there, `en-US` by RFC 7643 section 4.1.1.
    case languageTag
    /// The id of a profile or of a user role, which manifests call by its name.
    case name(of: NamedObject)
  }

  /// As Salesforce spells it.
  let name: String
  let place: Place
  let form: Form
  /// Whether no user is without it.
  let isRequired: Bool
  /// Whether an organisation has the field only when it asked for it.
  let isOptional: Bool

  private init(
    _ name: String, _ place: Place, _ form: Form = .text, isRequired: Bool = false, isOptional: Bool = false
  ) {
    self.name = name
    self.place = place
    self.form = form
    self.isRequired = isRequired
    self.isOptional = isOptional
  }

  /// The attribute that the field belongs to, with the URN of its extension.
  var attribute: AttributePath {
    switch place {
    case .attribute(let path): AttributePath(schema: path.schema, path.attribute)
    case .element(let attribute, _, _): AttributePath(attribute)
    }
  }

  /// The name of the part of a complex attribute; nil for a simple one.
  var part: String? {
    switch place {
    case .attribute(let path): path.subAttribute
    case .element(_, _, let part): part
    }
  }
}

extension UserField {
  /// An sObject that a user refers to and people know by its name.
  enum NamedObject: String, Hashable, Sendable { case profile = "Profile", role = "UserRole" }

  /// What SCIM has no attribute for.
  static let extensionURN = "urn:rollcall:params:scim:schemas:extension:salesforce:1.0:User"

  /// All fields that are read and written.
  static let all = core + contacts + enterprise + own

  private static let core = [
    UserField("Username", at("userName"), isRequired: true),
    UserField("FederationIdentifier", at("externalId")),
    UserField("FirstName", at("name", "givenName")),
    UserField("MiddleName", at("name", "middleName"), isOptional: true),
    UserField("LastName", at("name", "familyName"), isRequired: true),
    UserField("Suffix", at("name", "honorificSuffix"), isOptional: true),
    UserField("CommunityNickname", at("nickName"), isRequired: true),
    UserField("Title", at("title")),
    UserField("LanguageLocaleKey", at("preferredLanguage"), .languageTag, isRequired: true),
    UserField("LocaleSidKey", at("locale"), .languageTag, isRequired: true),
    UserField("TimeZoneSidKey", at("timezone"), isRequired: true),
    UserField("IsActive", at("active"), .flag),
  ]

  private static let contacts = [
    UserField("Email", .element(of: "emails", type: nil, part: "value"), isRequired: true),
    UserField("Phone", .element(of: "phoneNumbers", type: "work", part: "value")),
    UserField("MobilePhone", .element(of: "phoneNumbers", type: "mobile", part: "value")),
    UserField("Fax", .element(of: "phoneNumbers", type: "fax", part: "value")),
    UserField("Street", .element(of: "addresses", type: "work", part: "streetAddress")),
    UserField("City", .element(of: "addresses", type: "work", part: "locality")),
    UserField("State", .element(of: "addresses", type: "work", part: "region")),
    UserField("PostalCode", .element(of: "addresses", type: "work", part: "postalCode")),
    UserField("Country", .element(of: "addresses", type: "work", part: "country")),
    UserField("UserRoleId", .element(of: "roles", type: nil, part: "value"), .name(of: .role)),
  ]

  private static let enterprise = [
    UserField("EmployeeNumber", at("employeeNumber", in: SchemaURN.enterpriseUser)),
    UserField("CompanyName", at("organization", in: SchemaURN.enterpriseUser)),
    UserField("Division", at("division", in: SchemaURN.enterpriseUser)),
    UserField("Department", at("department", in: SchemaURN.enterpriseUser)),
    UserField("ManagerId", at("manager", "value", in: SchemaURN.enterpriseUser)),
  ]

  private static let own = [
    UserField("Alias", at("alias", in: extensionURN), isRequired: true),
    UserField("ProfileId", at("profile", in: extensionURN), .name(of: .profile), isRequired: true),
    UserField("EmailEncodingKey", at("emailEncoding", in: extensionURN), isRequired: true),
  ]

  private static func at(_ attribute: String, _ part: String? = nil, in schema: String? = nil) -> Place {
    .attribute(AttributePath(schema: schema, attribute, sub: part))
  }
}
