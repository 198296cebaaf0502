import SCIM

/// What has just been done, as the page after it says: the address tells it by a word, so that nobody can put their own
/// words there.
enum Notice: String, Sendable {
  case created, saved, deleted, enabled, disabled, password, passwordRemoved, memberAdded, memberRemoved

  static let parameter = "done"

  init?(_ query: QueryParameters) {
    guard let word = query[Self.parameter], let notice = Notice(rawValue: word) else { return nil }
    self = notice
  }

  func text(_ kind: ConsoleKind) -> String {
    switch self {
    case .created: "The \(kind.noun) was added."
    case .saved: "The changes were saved."
    case .deleted: "The \(kind.noun) was deleted."
    case .enabled: "The account was enabled."
    case .disabled: "The account was disabled."
    case .password: "The password was set."
    case .passwordRemoved: "The password was removed."
    case .memberAdded: "The member was added."
    case .memberRemoved: "The member was removed."
    }
  }

  /// The address of a page with this notice.
  func address(_ path: String) -> String { "\(path)?\(Self.parameter)=\(rawValue)" }
}
