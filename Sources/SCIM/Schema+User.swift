extension Schema {
  /// RFC 7643 section 4.1, as listed in section 8.7.1.
  static let user = Schema(
    id: SchemaURN.user, name: "User", description: "User Account",
    attributes: identityOfUser + contactsOfUser + accessOfUser)

  private static let identityOfUser: [Attribute] = [
    Attribute(
      "userName", description: "Unique identifier for the User, typically used to authenticate. REQUIRED.",
      isRequired: true, uniqueness: .server),
    .complex(
      "name", "The components of the user's real name.",
      [
        Attribute("formatted", description: "The full name, formatted for display."),
        Attribute("familyName", description: "The family name, or last name in most Western languages."),
        Attribute("givenName", description: "The given name, or first name in most Western languages."),
        Attribute("middleName", description: "The middle name(s)."),
        Attribute("honorificPrefix", description: "The honorific prefix(es), or title (e.g., 'Ms.')."),
        Attribute("honorificSuffix", description: "The honorific suffix(es) (e.g., 'III')."),
      ]),
    Attribute("displayName", description: "The name of the User, suitable for display to end-users."),
    Attribute("nickName", description: "The casual way to address the user in real life."),
    .url("profileUrl", "A fully qualified URL pointing to the User's online profile."),
    Attribute("title", description: "The user's title, such as \"Vice President.\""),
    Attribute("userType", description: "The relationship between the organization and the user."),
    Attribute("preferredLanguage", description: "The User's preferred written or spoken language."),
    Attribute("locale", description: "The User's default location for localizing currency, dates and numbers."),
    Attribute("timezone", description: "The User's time zone in the 'Olson' format, e.g., 'America/Los_Angeles'."),
    .flag("active", "The User's administrative status."),
    // Case counts in a password, whatever the listing says.
    .secret("password", "The User's cleartext password, to set or reset it."),
  ]

  private static let contactsOfUser: [Attribute] = [
    .labelled(
      "emails", "Email addresses for the user.", value: Attribute("value", description: "An email address."),
      types: ["work", "home", "other"]),
    .labelled(
      "phoneNumbers", "Phone numbers for the User.", value: Attribute("value", description: "A phone number."),
      types: ["work", "home", "mobile", "fax", "pager", "other"]),
    .labelled(
      "ims", "Instant messaging addresses for the User.",
      value: Attribute("value", description: "An instant messaging address."),
      types: ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]),
    .labelled(
      "photos", "URLs of photos of the User.", value: .url("value", "URL of a photo of the User."),
      types: ["photo", "thumbnail"]),
    .complex(
      "addresses", "Physical mailing addresses for this User.", isMultiValued: true,
      [
        Attribute("formatted", description: "The full mailing address, formatted for display."),
        Attribute("streetAddress", description: "The full street address component."),
        Attribute("locality", description: "The city or locality component."),
        Attribute("region", description: "The state or region component."),
        Attribute("postalCode", description: "The zip code or postal code component."),
        Attribute("country", description: "The country name component."),
        Attribute(
          "type", description: "A label indicating the attribute's function.",
          canonicalValues: ["work", "home", "other"]),
        // Missing in the listing, used by the examples of RFC 7643 section 8.2 and RFC 7644 section 3.5.2.3.
        .flag("primary", "Whether this is the preferred value. True MUST appear no more than once."),
      ]),
  ]

  private static let accessOfUser: [Attribute] = [
    .complex(
      "groups", "Groups to which the user belongs, directly or through nested groups.", isMultiValued: true,
      mutability: .readOnly,
      Attribute.referencing(["User", "Group"], "The identifier of the User's group.", mutability: .readOnly) + [
        .readOnlyDisplay(),
        Attribute(
          "type", description: "How the membership comes to be.", canonicalValues: ["direct", "indirect"],
          mutability: .readOnly),
      ]),
    .labelled(
      "entitlements", "Things the User has.", value: Attribute("value", description: "The value of an entitlement.")),
    .labelled(
      "roles", "Who the User is, e.g., 'Student'.", value: Attribute("value", description: "The value of a role.")),
    .labelled(
      "x509Certificates", "Certificates issued to the User.",
      value: Attribute("value", .binary, description: "A DER-encoded X.509 certificate in base64.", isCaseExact: true)),
  ]

  /// RFC 7643 section 4.3.
  static let enterpriseUser = Schema(
    id: SchemaURN.enterpriseUser, name: "EnterpriseUser", description: "Enterprise User",
    attributes: [
      Attribute("employeeNumber", description: "Numeric or alphanumeric identifier assigned to a person."),
      Attribute("costCenter", description: "Identifies the name of a cost center."),
      Attribute("organization", description: "Identifies the name of an organization."),
      Attribute("division", description: "Identifies the name of a division."),
      Attribute("department", description: "Identifies the name of a department."),
      .complex(
        "manager", "The User's manager.",
        Attribute.referencing(["User"], "The id of the SCIM resource representing the User's manager.")
          + [.readOnlyDisplay("displayName")]),
    ])
}
