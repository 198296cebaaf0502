extension Guardrail {
  static let protected = Guardrail("protected") { endpoint in
    guard !endpoint.protected.isEmpty else { return [] }
    let names = endpoint.protected.map(\.description).joined(separator: ", ")
    return [
      Finding(
        message: "would disable, delete or rename what is protected: \(names)",
        hint: "safety.protect names it; take it out there if this is meant", keys: endpoint.protected)
    ]
  }

  /// Whoever saws at this branch cannot mend it any more.
  static let ownAccount = Guardrail("ownAccount") { endpoint in
    guard let own = endpoint.ownUserName?.lowercased() else { return [] }
    return endpoint.changes.filter { change in
      change.key.kind == "User" && change.liveName?.lowercased() == own && (change.takesAway || change.isRename)
    }.map { change in
      let what = change.takesAway ? change.action.rawValue : "rename"
      return endpoint.driver == .embedded
        ? Finding(
          message: "would \(what) the administrator of the server",
          hint: "make another one first, and name it with `admin-user` in rollcall.yaml", keys: [change.key])
        : Finding(
          message: "would \(what) the account that we log in with there",
          hint: "use another account for the endpoint's credentials", keys: [change.key])
    }
  }

  static let administrators = Guardrail("minAdmins") { endpoint in
    guard let least = endpoint.safety.minAdmins else { return [] }
    let gone = Set(endpoint.changes.filter(\.takesAway).compactMap(\.remoteID))
    return endpoint.administrators.compactMap { group in
      let left = Set(group.after).subtracting(gone).count
      guard left < least, left < Set(group.before).count else { return nil }
      return Finding(
        message: "would leave \(left) in \(group.key); safety.minAdmins is \(least)",
        hint: "add an administrator first", keys: [group.key])
    }
  }
}

extension Change {
  /// Whether somebody can do less after it as a whole, not only in one attribute.
  var takesAway: Bool { action == .disable || action == .delete }
}
