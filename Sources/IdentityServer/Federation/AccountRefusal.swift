/// Why nobody here is signed in although an identity provider has vouched for somebody.
enum AccountRefusal: Hashable, Sendable {
  case noAccount
  case inactive
  /// An account of this name is here, and no rule gives it away.
  case nameTaken(String)
  /// The rule of association finds several accounts.
  case ambiguous
  /// The account that is found, or something unique of a new one, belongs to another.
  case takenByAnother
  /// What the provider calls the user can be no name here.
  case unusableName
  /// The user does not want an account.
  case declined

  /// For the page.
  var title: String {
    switch self {
    case .noAccount: "You have no account here"
    case .inactive: "Your account is not active"
    case .nameTaken: "There is already an account of this name"
    case .ambiguous, .takenByAnother: "Your account cannot be told"
    case .unusableName: "No account can be made for you"
    case .declined: "No account was made"
    }
  }

  /// What the user is told, with what to do about it.
  /// - Parameter provider: the name of the identity provider, for people.
  func text(_ provider: String) -> String {
    switch self {
    case .noAccount:
      "\(provider) knows you, but there is no account for you here, and none is made by itself. Ask an administrator for one."
    case .inactive: "\(provider) knows you, but your account here is not active. Ask an administrator about it."
    case .nameTaken(let name):
      "\(provider) calls you \(name), and there is an account of that name here. It may be yours, but that is not taken for"
        + " granted. If it is, sign in with its own password, or ask an administrator to let \(provider) vouch for it."
    case .ambiguous:
      "Several accounts here fit what \(provider) says of you. Ask an administrator to make clear which is yours."
    case .takenByAnother:
      "What \(provider) says of you leads to an account that belongs to another person there. Ask an administrator about it."
    case .unusableName:
      "What \(provider) calls you cannot be the name of an account here. Ask an administrator for an account."
    case .declined: "Nothing was made or kept, and you are not signed in."
    }
  }

  /// For the log.
  var reason: String {
    switch self {
    case .noAccount: "there is no account, and none is made"
    case .inactive: "the account is not active"
    case .nameTaken(let name): "there is an account \(name) already"
    case .ambiguous: "several accounts fit"
    case .takenByAnother: "the account belongs to another identity"
    case .unusableName: "the name cannot be that of an account"
    case .declined: "the user does not want an account"
    }
  }

  /// What the user can mend by other answers; nil for what cannot be mended so.
  func problem(with answers: JustInTimeProvisioning.Answers) -> String? {
    guard answers.userName != nil else { return nil }
    switch self {
    case .nameTaken(let name): return "The name \(name) is taken. Choose another."
    case .unusableName: return "This cannot be the name of an account. Choose another."
    case .noAccount, .inactive, .ambiguous, .takenByAnother, .declined: return nil
    }
  }
}
