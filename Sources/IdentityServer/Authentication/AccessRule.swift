/// What a request would do to resources of a type.
enum Access: Hashable, Sendable {
  case read
  case create, update, delete
  /// Any of the three.
  case write
}

extension Principal {
  /// Whether the principal may do this to a resource, or to all of its type when no id is given.
  ///
  /// Administrators may do everything, tokens what their scopes allow; anyone else may read themselves. What they may
  /// change of themselves is ``SelfService``'s to tell.
  func may(_ access: Access, _ type: String, id: String? = nil) -> Bool {
    switch rights {
    case .everything: true
    case .scoped(let scopes): scopes.allow(access.actions(onOne: id != nil), type)
    case .itself: access == .read && type == "User" && id != nil && id == userID
    }
  }
}

extension Access {
  /// - Parameter onOne: whether it is about one resource, which is known already.
  fileprivate func actions(onOne: Bool) -> Set<ScopeGrant.Action> {
    switch self {
    case .read: onOne ? [.view] : [.list]
    case .create: [.create]
    case .update: [.update]
    case .delete: [.delete]
    case .write: [.create, .update, .delete]
    }
  }
}
