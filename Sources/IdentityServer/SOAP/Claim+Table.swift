import SCIM

extension Claim {
  /// The claims that the directory has attributes for, in the order in which they are listed.
  static let all: [Claim] =
    person + contacts + organization + [
      Claim("active", "Active", .flag("active", isInverted: false)),
      Claim("identity/accountLocked", "Account Locked", .flag("active", isInverted: true)),
      Claim("identity/accountDisabled", "Account Disabled", .flag("active", isInverted: true)),
      Claim("groups", "Groups", .roles(attribute: "groups", kind: "Group")),
      Claim("role", "Role", .roles(attribute: "roles", kind: "Role")),
      Claim("created", "Created Time", .told(AttributePath("meta", sub: "created"))),
      Claim("modified", "Last Modified Time", .told(AttributePath("meta", sub: "lastModified"))),
    ]

  private static let person: [Claim] = [
    Claim("username", "Username", .userName, isRequired: true),
    Claim("userid", "User ID", .told(AttributePath("id"))),
    Claim("externalid", "External User ID", .text(AttributePath("externalId"))),
    Claim("givenname", "First Name", .name("givenName")),
    Claim("lastname", "Last Name", .name("familyName")),
    Claim("middleName", "Middle Name", .name("middleName")),
    Claim("fullname", "Full Name", .name("formatted")),
    Claim("formattedName", "Name - Formatted Name", .name("formatted")),
    Claim("honorificPrefix", "Name - Honoric Prefix", .name("honorificPrefix")),
    Claim("honorificSuffix", "Name - Honoric Suffix", .name("honorificSuffix")),
    Claim("displayName", "Display Name", .text(AttributePath("displayName"))),
    Claim("nickname", "Nick Name", .text(AttributePath("nickName"))),
    Claim("title", "Title", .text(AttributePath("title"))),
    Claim("userType", "User Type", .text(AttributePath("userType"))),
    Claim("preferredLanguage", "Preferred Language", .text(AttributePath("preferredLanguage"))),
    Claim("locale", "Locale", .text(AttributePath("locale"))),
    Claim("local", "Local", .text(AttributePath("locale"))),
    Claim("timeZone", "Time Zone", .text(AttributePath("timezone"))),
    Claim("url", "URL", .text(AttributePath("profileUrl"))),
  ]

  private static let contacts: [Claim] = [
    Claim("emailaddress", "Email", .values("emails", type: nil)),
    Claim("emails.work", "Emails - Work Email", .values("emails", type: "work")),
    Claim("emails.home", "Emails - Home Email", .values("emails", type: "home")),
    Claim("emails.other", "Emails - Other Email", .values("emails", type: "other")),
    Claim("mobile", "Mobile", .values("phoneNumbers", type: "mobile")),
    Claim("telephone", "Telephone", .values("phoneNumbers", type: "work")),
    Claim("phoneNumbers.home", "Phone Numbers - Home Phone Number", .values("phoneNumbers", type: "home")),
    Claim("phoneNumbers.other", "Phone Numbers - Other", .values("phoneNumbers", type: "other")),
    Claim("fax", "Fax Number", .values("phoneNumbers", type: "fax")),
    Claim("pager", "Pager", .values("phoneNumbers", type: "pager")),
    Claim("addresses.formatted", "Address - Formatted", .address("formatted")),
    Claim("streetaddress", "Street Address", .address("streetAddress")),
    Claim("addresses.locality", "Address - Locality", .address("locality")),
    Claim("locality", "Locality", .address("locality")),
    Claim("region", "Region", .address("region")),
    Claim("stateorprovince", "State", .address("region")),
    Claim("postalcode", "Postalcode", .address("postalCode")),
    Claim("country", "Country", .address("country")),
  ]

  private static let organization: [Claim] = [
    Claim("organization", "Organization", .enterprise("organization")),
    Claim("department", "Department", .enterprise("department")),
    Claim("division", "Division", .enterprise("division")),
    Claim("costCenter", "Cost Center", .enterprise("costCenter")),
    Claim("employeeNumber", "Employee Number", .enterprise("employeeNumber")),
  ]
}

extension Claim.Target {
  fileprivate static func name(_ part: String) -> Self { .text(AttributePath("name", sub: part)) }

  /// An attribute of the enterprise extension (RFC 7643 section 4.3).
  fileprivate static func enterprise(_ attribute: String) -> Self {
    .text(AttributePath(schema: SchemaURN.enterpriseUser, attribute))
  }
}
