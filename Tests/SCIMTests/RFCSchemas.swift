/// The characteristics of every attribute in RFC 7643 section 8.7.1: path, type, and what is not the default.
enum RFCSchemas {
  static let user = """
    userName string required server
    name complex
    name.formatted string
    name.familyName string
    name.givenName string
    name.middleName string
    name.honorificPrefix string
    name.honorificSuffix string
    displayName string
    nickName string
    profileUrl reference
    title string
    userType string
    preferredLanguage string
    locale string
    timezone string
    active boolean
    password string writeOnly never
    emails complex[]
    emails.value string
    emails.display string
    emails.type string
    emails.primary boolean
    phoneNumbers complex[]
    phoneNumbers.value string
    phoneNumbers.display string
    phoneNumbers.type string
    phoneNumbers.primary boolean
    ims complex[]
    ims.value string
    ims.display string
    ims.type string
    ims.primary boolean
    photos complex[]
    photos.value reference
    photos.display string
    photos.type string
    photos.primary boolean
    addresses complex[]
    addresses.formatted string
    addresses.streetAddress string
    addresses.locality string
    addresses.region string
    addresses.postalCode string
    addresses.country string
    addresses.type string
    groups complex[] readOnly
    groups.value string readOnly
    groups.$ref reference readOnly
    groups.display string readOnly
    groups.type string readOnly
    entitlements complex[]
    entitlements.value string
    entitlements.display string
    entitlements.type string
    entitlements.primary boolean
    roles complex[]
    roles.value string
    roles.display string
    roles.type string
    roles.primary boolean
    x509Certificates complex[]
    x509Certificates.value binary
    x509Certificates.display string
    x509Certificates.type string
    x509Certificates.primary boolean
    """

  static let group = """
    displayName string
    members complex[]
    members.value string immutable
    members.$ref reference immutable
    members.type string immutable
    """

  static let enterpriseUser = """
    employeeNumber string
    costCenter string
    organization string
    division string
    department string
    manager complex
    manager.value string
    manager.$ref reference
    manager.displayName string readOnly
    """
}
