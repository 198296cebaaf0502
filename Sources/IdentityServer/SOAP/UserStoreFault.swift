import SCIM

extension SOAPFault {
  /// What the user store refuses, by the numbers of WSO2's kernel, which clients look for in the text.
  enum UserStoreCode: String, Sendable {
    case invalidCredential = "30003"
    case userExists = "30004"
    case invalidClaim = "30005"
    case wrongCredential = "30006"
    case userMissing = "30007"
    case everyoneRole = "30009"
    case invalidRoleName = "30011"
    case roleExists = "30012"
    case invalidUserName = "31301"
    case internalRoleMissing = "31303"
    case externalRoleMissing = "31304"
    case cannotRenameRole = "31501"
    case cannotDeleteEveryone = "31805"
    case invalidClaimValue = "34002"
  }

  /// A refusal by the user store.
  static func store(_ code: UserStoreCode, _ text: String) -> SOAPFault {
    SOAPFault(.server, "\(code.rawValue) - \(text)", isUserStoreException: true)
  }

  /// A refusal that the kernel has no number for.
  static func store(_ text: String) -> SOAPFault { SOAPFault(.server, text, isUserStoreException: true) }

  static func noUser(_ name: String) -> SOAPFault {
    .store(.userMissing, "UserNotFound: User \(name) does not exist.")
  }

  static func noRole(_ name: RoleName) -> SOAPFault {
    name.kind == "Role"
      ? .store(.internalRoleMissing, "Internal role does not exist: \(name.text)")
      : .store(.externalRoleMissing, "External role does not exist: \(name.text)")
  }

  /// What the directory refuses, in the kernel's terms.
  /// - Parameter taken: for a name that somebody has already.
  init(_ error: SCIMError, taken: UserStoreCode? = nil) {
    let detail = error.detail.lowercased()
    switch error.status {
    case 409 where taken != nil: self = .store(taken ?? .userExists, "The name already exists. \(error.detail)")
    case 400 where detail.contains("password"): self = .store(.invalidCredential, error.detail)
    case 400 where detail.contains("username"): self = .store(.invalidUserName, error.detail)
    default: self = .store(error.detail)
    }
  }
}
