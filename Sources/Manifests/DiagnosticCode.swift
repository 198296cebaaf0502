import Reconciliation

/// Every fault that a manifest can have. The raw values are stable: they are what users look up and suppress, and the
/// rule ids in SARIF. A code that falls out of use is never given to another fault.
package enum DiagnosticCode: String, Sendable, CaseIterable {
  // Files and YAML
  case unreadable = "M001"
  case noManifests = "M002"
  case syntax = "M003"
  case duplicateKey = "M004"
  case beyondLimits = "M005"

  // The envelope of a document, and fields in general
  case unknownVersion = "M010"
  case unknownKind = "M011"
  case missingField = "M013"
  case unknownField = "M014"
  case wrongShape = "M015"
  case invalidName = "M016"
  case duplicateName = "M017"
  case invalidChoice = "M018"
  case conflictingFields = "M019"

  // Attributes of the SCIM schemas
  case unknownAttribute = "M020"
  case wrongType = "M021"
  case readOnlyAttribute = "M022"
  case unusualValue = "M023"
  case missingAttribute = "M024"
  case duplicateUserName = "M025"
  case duplicateExternalId = "M026"
  case duplicateDisplayName = "M027"
  case severalPrimaries = "M028"

  // Secrets and variables
  case plainSecret = "M030"
  case literalSecret = "M031"
  case invalidSecret = "M032"
  case unaddressableSecret = "M033"
  case undefinedVariable = "M040"
  case invalidVariable = "M041"

  // References and members
  case danglingReference = "M050"
  case duplicateReference = "M051"
  case membershipCycle = "M052"
  case emptyMembers = "M053"
  case unsuitableMember = "M054"
  case dependencyCycle = "M055"

  // Times
  case invalidTime = "M060"
  case invalidDuration = "M061"
  case emptyPeriod = "M062"

  // Endpoints; M070 told of types without a driver, and there are none any more
  case invalidURL = "M071"
  case plaintextURL = "M072"
  case unverifiedServer = "M073"
  case invalidFilter = "M074"
  case invalidPath = "M075"
  case invalidNumber = "M076"
  case invalidTemplate = "M077"
  case unavailableDialect = "M078"
  case unmappedValue = "M079"

  // Schemas
  case invalidSchemaURN = "M080"
  case standardSchema = "M081"
  case duplicateSchema = "M082"
  case unknownResourceType = "M083"
  case invalidAttributeName = "M084"
  case duplicateAttribute = "M085"
  case invalidSubAttributes = "M086"
  case contradictoryAttribute = "M087"

  // Policies
  case protectedIdentity = "M090"
  case separationOfDuties = "M091"
  case misplacedDocument = "M092"
  case deniedResource = "M093"
  case unknownSubject = "M094"

  // Service and identity providers
  case unusableProxy = "M096"
  case incompleteConnector = "M097"

  // Found out by asking
  case expiringCredential = "M100"
  case unheldByEndpoint = "M101"
  case unresolvableSecret = "M102"
  case suspendedEndpoint = "M103"

  // Overlays
  case unmatchedPatch = "M110"
  case overlayCycle = "M111"
  case repeatedFile = "M112"
  case misplacedOverlay = "M113"
}

extension DiagnosticCode {
  /// Warnings leave the desired state valid.
  package var severity: Diagnostic.Severity {
    switch self {
    case .noManifests, .unusualValue, .literalSecret, .unverifiedServer, .unknownSubject, .incompleteConnector,
      .expiringCredential, .unheldByEndpoint, .suspendedEndpoint:
      .warning
    default: .error
    }
  }

  /// What the code stands for, in one line, for the documentation and for SARIF.
  package var title: String {
    switch self {
    case .unreadable: "A file or folder cannot be read"
    case .noManifests: "A folder or file holds no manifests"
    case .syntax: "A file is not well-formed YAML"
    case .duplicateKey: "A key stands twice in one mapping"
    case .beyondLimits: "A file is larger or deeper than the limits allow"
    case .unknownVersion: "apiVersion is not one that this version reads"
    case .unknownKind: "kind is not known"
    case .missingField: "A required field is missing"
    case .unknownField: "A field is not known"
    case .wrongShape: "A mapping, list or scalar stands where another is needed"
    case .invalidName: "A name has characters or a length that names cannot have"
    case .duplicateName: "Two documents of one kind have the same name"
    case .invalidChoice: "A value is not one of those to choose from"
    case .conflictingFields: "Fields stand together that exclude each other"
    case .unknownAttribute: "An attribute is not part of the schema"
    case .wrongType: "A value is not of the type that the schema says"
    case .readOnlyAttribute: "An attribute is set that only the endpoint sets"
    case .unusualValue: "A value is not one of the schema's canonical values"
    case .missingAttribute: "An attribute that the schema requires is missing or blank"
    case .duplicateUserName: "Two users have the same userName, case ignored"
    case .duplicateExternalId: "Two resources of one kind have the same externalId"
    case .duplicateDisplayName: "Two groups or two roles have the same displayName, case ignored"
    case .severalPrimaries: "More than one value of an attribute is primary"
    case .plainSecret: "A secret is written out in the manifest"
    case .literalSecret: "A secret is written out in the manifest as a literal, on purpose"
    case .invalidSecret: "A reference to a secret is not one of env, file, exec, sops, vault or literal"
    case .unaddressableSecret: "A secret stands in a list entry that nothing tells from the others"
    case .undefinedVariable: "A variable is not defined and has no default"
    case .invalidVariable: "A variable is not written as ${NAME} or ${NAME:=default}"
    case .danglingReference: "A reference names a document that does not exist"
    case .duplicateReference: "A member stands twice in one list"
    case .membershipCycle: "Groups contain each other in a circle"
    case .emptyMembers: "Members are empty and nothing says that this is meant"
    case .unsuitableMember: "A resource of this kind cannot be a member here"
    case .invalidTime: "A time is not an RFC 3339 date or date-time"
    case .invalidDuration: "A duration is not a number with a unit: 30d, 12h, 15m, 10s"
    case .emptyPeriod: "A period ends before it begins"
    case .invalidURL: "An address is not an http or https URL with a host"
    case .plaintextURL: "An address would send credentials unencrypted over the network"
    case .unverifiedServer: "The certificate of a server is not verified"
    case .invalidFilter: "A filter cannot be read (RFC 7644 section 3.4.2.2)"
    case .invalidPath: "An attribute path cannot be read (RFC 7644 section 3.10)"
    case .invalidNumber: "A number, share or rate cannot be read or is out of range"
    case .invalidTemplate: "A template cannot be read"
    case .unavailableDialect: "A dialect is not available in this version"
    case .dependencyCycle: "Endpoints depend on each other in a circle"
    case .unmappedValue: "A value has no entry in the lookup table of a mapping"
    case .invalidSchemaURN: "The id of a schema is not a URN"
    case .standardSchema: "The id of a schema is that of a standard one"
    case .duplicateSchema: "Two schemas have the same id, case ignored"
    case .unknownResourceType: "A schema extends or refers to a resource type that does not exist"
    case .invalidAttributeName: "An attribute of a schema has a name that attributes cannot have (RFC 7643 section 2.1)"
    case .duplicateAttribute: "Two attributes of a schema have the same name, case ignored"
    case .invalidSubAttributes: "Sub-attributes are missing, or stand where none can (RFC 7643 section 2.3.8)"
    case .contradictoryAttribute: "Characteristics of an attribute exclude each other"
    case .protectedIdentity: "A document takes something from an identity that a policy protects"
    case .separationOfDuties: "Somebody would be in two groups that a policy keeps apart"
    case .misplacedDocument: "A document stands where a policy does not allow it"
    case .deniedResource: "A resource matches what a policy denies"
    case .expiringCredential: "A certificate or token of an endpoint has ended or soon will"
    case .unheldByEndpoint: "An endpoint cannot hold what a document asks for"
    case .unresolvableSecret: "A secret cannot be read where its reference says"
    case .suspendedEndpoint: "An endpoint is suspended, which holds back the controller alone"
    case .unmatchedPatch: "A patch has a target that is not there"
    case .overlayCycle: "Overlays stand on each other in a circle"
    case .repeatedFile: "An overlay brings the same file or folder twice"
    case .misplacedOverlay: "An overlay is read that was not asked for"
    case .unknownSubject: "A policy names a user, group or role that no document describes"
    case .unusableProxy: "An application is to be a proxy, and says too little or is the server itself"
    case .incompleteConnector: "A connector is of a type whose settings it cannot hold"
    }
  }
}
