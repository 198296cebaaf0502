/// What a request would do to resources of a type.
enum Access: Hashable, Sendable {
  case read, write
}

extension Principal {
  /// Whether the principal may do this to a resource, or to all of its type when no id is given.
  ///
  /// Administrators may do everything; anyone else may read themselves.
  func may(_ access: Access, _ type: String, id: String? = nil) -> Bool {
    if isAdministrator { return true }
    return access == .read && type == "User" && id != nil && id == userID
  }
}
