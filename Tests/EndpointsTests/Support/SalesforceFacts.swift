import JSON

/// What the object reference says of the sObjects that the driver uses: their fields, and which of these a new record needs.
struct SalesforceFacts: Sendable {
  enum Form: Sendable {
    case text(most: Int)
    case flag
    case oneOf([String])
    /// The id of a record of one of these.
    case reference([String])
  }

  struct Field: Sendable {
    var form: Form
    var isRequired = false
    var isUnique = false
    /// Whether it is told and cannot be written.
    var isFixed = false
  }

  /// The first three characters of its ids.
  let prefix: String
  let fields: [String: Field]
  /// Two records with the same values in these are refused.
  var uniqueTogether: [String] = []
  var isDeletable = true

  static let objects: [String: SalesforceFacts] = [
    "User": user, "Group": group, "GroupMember": groupMember, "PermissionSet": permissionSet,
    "PermissionSetAssignment": assignment,
    "Profile": SalesforceFacts(prefix: "00e", fields: ["Name": fixed], isDeletable: false),
    "UserRole": SalesforceFacts(prefix: "00E", fields: ["Name": Field(form: .text(most: 80), isRequired: true)]),
    "UserLogin": SalesforceFacts(
      prefix: "0Yw",
      fields: ["UserId": Field(form: .reference(["User"]), isFixed: true), "IsFrozen": Field(form: .flag)],
      isDeletable: false),
  ]

  private static let fixed = Field(form: .text(most: 255), isFixed: true)
  private static let locales = ["en_US", "en_GB", "de", "fr", "nb_NO"]

  private static let user = SalesforceFacts(
    prefix: "005",
    fields: [
      "Username": Field(form: .text(most: 80), isRequired: true, isUnique: true),
      "LastName": Field(form: .text(most: 80), isRequired: true),
      "FirstName": Field(form: .text(most: 40)),
      "Email": Field(form: .text(most: 128), isRequired: true),
      "Alias": Field(form: .text(most: 8), isRequired: true),
      "CommunityNickname": Field(form: .text(most: 40), isUnique: true),
      "FederationIdentifier": Field(form: .text(most: 512), isUnique: true),
      "Title": Field(form: .text(most: 80)), "CompanyName": Field(form: .text(most: 80)),
      "Department": Field(form: .text(most: 80)), "Division": Field(form: .text(most: 80)),
      "EmployeeNumber": Field(form: .text(most: 20)),
      "Phone": Field(form: .text(most: 40)), "MobilePhone": Field(form: .text(most: 40)),
      "Fax": Field(form: .text(most: 40)),
      "Street": Field(form: .text(most: 255)), "City": Field(form: .text(most: 40)),
      "State": Field(form: .text(most: 80)), "PostalCode": Field(form: .text(most: 20)),
      "Country": Field(form: .text(most: 80)),
      "IsActive": Field(form: .flag),
      "TimeZoneSidKey": Field(form: .oneOf(["GMT", "Europe/Oslo", "America/Los_Angeles"]), isRequired: true),
      "LocaleSidKey": Field(form: .oneOf(locales), isRequired: true),
      "LanguageLocaleKey": Field(form: .oneOf(locales), isRequired: true),
      "EmailEncodingKey": Field(form: .oneOf(["UTF-8", "ISO-8859-1"]), isRequired: true),
      "ProfileId": Field(form: .reference(["Profile"]), isRequired: true),
      "UserRoleId": Field(form: .reference(["UserRole"])), "ManagerId": Field(form: .reference(["User"])),
      "UserType": fixed, "Name": fixed,
    ], isDeletable: false)

  private static let group = SalesforceFacts(
    prefix: "00G",
    fields: [
      "Name": Field(form: .text(most: 40), isRequired: true), "DeveloperName": Field(form: .text(most: 80)),
      "Type": Field(form: .oneOf(["Regular", "Queue"]), isRequired: true),
    ])

  private static let groupMember = SalesforceFacts(
    prefix: "011",
    fields: [
      "GroupId": Field(form: .reference(["Group"]), isRequired: true),
      "UserOrGroupId": Field(form: .reference(["User", "Group"]), isRequired: true),
    ], uniqueTogether: ["GroupId", "UserOrGroupId"])

  private static let permissionSet = SalesforceFacts(
    prefix: "0PS",
    fields: [
      "Label": Field(form: .text(most: 80), isRequired: true),
      "Name": Field(form: .text(most: 80), isRequired: true, isUnique: true),
      "IsOwnedByProfile": Field(form: .flag, isFixed: true),
    ])

  private static let assignment = SalesforceFacts(
    prefix: "0Pa",
    fields: [
      "PermissionSetId": Field(form: .reference(["PermissionSet"]), isRequired: true),
      "AssigneeId": Field(form: .reference(["User"]), isRequired: true),
    ], uniqueTogether: ["PermissionSetId", "AssigneeId"])
}
