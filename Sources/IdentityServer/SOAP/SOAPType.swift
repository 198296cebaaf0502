import XML

/// A type of the service's schema, as the WSDL declares it and messages are read and written by.
indirect enum SOAPType: Hashable, Sendable {
  case string, boolean, int, long
  case structure(Structure)

  struct Structure: Hashable, Sendable {
    let name: String
    let namespace: SOAPNamespace
    let fields: [SOAPField]
  }

  /// The name of the type as the WSDL refers to it.
  var qualifiedName: String {
    switch self {
    case .string: "xs:string"
    case .boolean: "xs:boolean"
    case .int: "xs:int"
    case .long: "xs:long"
    case .structure(let structure): "\(structure.namespace.prefix):\(structure.name)"
    }
  }

  /// Whether there may be `xsi:nil` in its place: for what Java holds by reference.
  var isNillable: Bool {
    switch self {
    case .string, .structure: true
    case .boolean, .int, .long: false
    }
  }
}

/// A named place of a type: a parameter, a returned value, an element of a structure. All are optional in the schema.
struct SOAPField: Hashable, Sendable {
  let name: String
  let type: SOAPType
  let isRepeated: Bool

  init(_ name: String, _ type: SOAPType, isRepeated: Bool = false) {
    self.name = name
    self.type = type
    self.isRepeated = isRepeated
  }
}

/// The namespaces of WSO2's user store service.
enum SOAPNamespace: String, Hashable, Sendable, CaseIterable {
  case service = "http://service.ws.um.carbon.wso2.org"
  case claimValue = "http://common.mgt.user.carbon.wso2.org/xsd"
  case dto = "http://dao.service.ws.um.carbon.wso2.org/xsd"
  case core = "http://core.user.carbon.wso2.org/xsd"
  case api = "http://api.user.carbon.wso2.org/xsd"

  var prefix: String {
    switch self {
    case .service: "ns"
    case .claimValue: "cv"
    case .dto: "dto"
    case .core: "core"
    case .api: "api"
    }
  }

  /// With its prefix, to be declared.
  var declaration: XMLNamespace { XMLNamespace(prefix, rawValue) }
}

extension SOAPType {
  static let claimValue = Structure(
    name: "ClaimValue", namespace: .claimValue,
    fields: [SOAPField("claimURI", .string), SOAPField("value", .string)])

  static let claim = Structure(
    name: "ClaimDTO", namespace: .dto,
    fields: [
      SOAPField("claimUri", .string), SOAPField("description", .string), SOAPField("dialectURI", .string),
      SOAPField("displayOrder", .int), SOAPField("displayTag", .string), SOAPField("regEx", .string),
      SOAPField("required", .boolean), SOAPField("supportedByDefault", .boolean), SOAPField("value", .string),
    ])

  static let permission = Structure(
    name: "PermissionDTO", namespace: .dto,
    fields: [SOAPField("action", .string), SOAPField("resourceId", .string)])

  static let arrayOfString = Structure(
    name: "ArrayOfString", namespace: .service, fields: [SOAPField("array", .string, isRepeated: true)])

  static let tenant = Structure(
    name: "Tenant", namespace: .api,
    fields: [
      SOAPField("active", .boolean), SOAPField("domain", .string), SOAPField("email", .string), SOAPField("id", .int),
    ])

  /// What the detail of a fault holds; WSO2 has nothing in it.
  static let userStoreException = Structure(name: "UserStoreException", namespace: .core, fields: [])
}
