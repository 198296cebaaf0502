import SCIM
import XML

/// One operation of the service: what the WSDL says of it, what it takes to be allowed, and what it does.
struct UserStoreOperation: Sendable {
  let name: String
  /// In the order of the WSDL; messages may have them in any.
  let parameters: [Parameter]
  /// nil answers nothing: the operation is in-only.
  let returns: SOAPField?
  let access: Access
  /// The types of the resources that it reads or changes, beside those of the roles that its parameters name.
  let types: [String]
  /// Whether users may do it to themselves, whatever else they may: where it takes their password anyway.
  let isOpenToOneself: Bool
  let run: @Sendable (UserStoreCall) async throws -> SOAPValue

  init(
    _ name: String, _ parameters: [Parameter] = [], returns type: SOAPType? = nil, isRepeated: Bool = false,
    _ access: Access, _ types: [String], isOpenToOneself: Bool = false,
    run: @escaping @Sendable (UserStoreCall) async throws -> SOAPValue
  ) {
    self.name = name
    self.parameters = parameters
    returns = type.map { SOAPField("return", $0, isRepeated: isRepeated) }
    self.access = access
    self.types = types
    self.isOpenToOneself = isOpenToOneself
    self.run = run
  }

  /// An operation that answers nothing.
  init(
    _ name: String, _ parameters: [Parameter], _ access: Access, _ types: [String], isOpenToOneself: Bool = false,
    run: @escaping @Sendable (UserStoreCall) async throws -> Void
  ) {
    self.init(name, parameters, returns: nil, access, types, isOpenToOneself: isOpenToOneself) { call in
      try await run(call)
      return .null
    }
  }

  /// What it does to the roles that its parameters name: an operation on a user adds and removes members.
  var roleAccess: Access { access != .read && types.contains("User") ? .update : access }

  /// The name of the element that answers it.
  var responseName: String { "\(name)Response" }

  /// A parameter, and what its value names.
  struct Parameter: Hashable, Sendable {
    enum Meaning: Hashable, Sendable { case value, subject, roles }

    let field: SOAPField
    let meaning: Meaning

    /// The user whom the operation is about.
    static func user(_ name: String = "userName") -> Self { Self(field: SOAPField(name, .string), meaning: .subject) }

    static func role(_ name: String) -> Self { Self(field: SOAPField(name, .string), meaning: .roles) }

    static func roles(_ name: String) -> Self {
      Self(field: SOAPField(name, .string, isRepeated: true), meaning: .roles)
    }

    static func value(_ name: String, _ type: SOAPType = .string) -> Self {
      Self(field: SOAPField(name, type), meaning: .value)
    }

    static func values(_ name: String, _ type: SOAPType = .string) -> Self {
      Self(field: SOAPField(name, type, isRepeated: true), meaning: .value)
    }

    static let profile = value("profileName")
    static let claims = values("claims", .structure(SOAPType.claimValue))
  }

  /// The operation that an element in the body of a message asks for.
  /// - Throws: ``SOAPFault`` when there is none of this name.
  static func named(_ content: MessageElement) throws(SOAPFault) -> UserStoreOperation {
    guard content.namespace == SOAPNamespace.service.rawValue, let operation = byName[content.name] else {
      throw .client("There is no operation \(content.name) in the namespace \(SOAPNamespace.service.rawValue).")
    }
    return operation
  }

  private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
}
