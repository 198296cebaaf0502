import OpenID

/// Who sends a request.
package struct Principal: Hashable, Sendable {
  package enum Subject: Hashable, Sendable {
    /// A user, by the id of its resource.
    case user(id: String)
    /// An application on its own behalf.
    case client
    /// A machine with a token that stands for nobody.
    case token
  }

  /// What the principal may do.
  package enum Rights: Hashable, Sendable {
    case everything
    /// What the scopes of its token allow.
    case scoped(Scopes)
    /// A user who is no administrator.
    case itself
  }

  package var subject: Subject
  /// The userName, the client identifier, or the name of the token.
  package var name: String
  package var rights: Rights

  package init(_ subject: Subject, name: String, rights: Rights) {
    self.subject = subject
    self.name = name
    self.rights = rights
  }

  /// The id of the user; nil for whoever is none.
  package var userID: String? {
    if case .user(let id) = subject { id } else { nil }
  }

  package var isAdministrator: Bool { rights == .everything }

  /// Signs the writes in the directory's events, and stands in the log: `user:ann`, `client:playground`, `token:ci`. So
  /// nobody looks like something else by the name that they chose.
  package var signature: String { Self.signature(subject, name) }

  static func signature(_ subject: Subject, _ name: String) -> String {
    switch subject {
    case .user: "user:\(name)"
    case .client: "client:\(name)"
    case .token: "token:\(name)"
    }
  }

  /// The client that an event's signature names; nil for whoever else signed it.
  static func clientID(ofSignature signature: String) -> String? {
    let mark = Self.signature(.client, "")
    return signature.hasPrefix(mark) ? String(signature.dropFirst(mark.count)) : nil
  }
}
