import SCIM

extension SchemaCatalog {
  /// One attribute of every kind that filters treat differently.
  static let forFilterTests: SchemaCatalog = {
    let core = "urn:ietf:params:scim:schemas:core:2.0:User"
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    return SchemaCatalog(
      resourceTypes: [
        ResourceType(name: "User", endpoint: "/Users", schema: core, extensions: [.init(schema: enterprise)])
      ],
      schemas: [
        Schema(
          id: core, name: "User",
          attributes: [
            Attribute("userName"), Attribute("title"), Attribute("active", .boolean), Attribute("age", .integer),
            Attribute("externalCode", isCaseExact: true), Attribute("hiredAt", .dateTime),
            Attribute("name", .complex, subAttributes: [Attribute("givenName"), Attribute("familyName")]),
            Attribute(
              "emails", .complex, isMultiValued: true,
              subAttributes: [Attribute("value"), Attribute("type"), Attribute("primary", .boolean)]),
            Attribute(
              "x509Certificates", .complex, isMultiValued: true, subAttributes: [Attribute("value", .binary)]),
          ]),
        Schema(
          id: enterprise, name: "EnterpriseUser",
          attributes: [
            Attribute("employeeNumber", isCaseExact: true), Attribute("department"),
            Attribute("manager", .complex, subAttributes: [Attribute("value"), Attribute("displayName")]),
          ]),
      ])
  }()
}
