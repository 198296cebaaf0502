import JSON
import LocalDirectory
import Logging
import SCIM

/// One call of an operation: its arguments, who makes it, and the directory that it works on.
struct UserStoreCall: Sendable {
  /// The only tenant, by WSO2's number for the first one.
  static let tenantID = -1234
  /// The only profile.
  static let defaultProfile = "default"

  let operation: UserStoreOperation
  let arguments: [String: SOAPValue]
  let directory: Directory
  let principal: Principal
  /// Signs what the call writes.
  let author: Author
  /// Whether somebody's credential is right: an attempt to log in from where the call came from.
  let isRight: @Sendable (Credential) async throws -> Bool
  /// The most names in a list that a client may limit.
  let maxResults: Int
  let logger: Logger

  /// Checks the caller's rights and carries out the operation.
  /// - Throws: ``Refusal`` 403, ``SOAPFault``, and what the directory throws.
  func perform() async throws -> SOAPValue {
    guard try await isAllowed() else { throw Refusal.forbidden }
    try requireDefaultProfile()
    return try await operation.run(self)
  }

  func text(_ name: String) -> String? { arguments[name]?.text }

  func texts(_ name: String) -> [String] { (arguments[name]?.list ?? []).compactMap(\.text) }

  func roleNames(_ name: String) -> [RoleName] {
    (text(name).map { [$0] } ?? texts(name)).map(RoleName.init)
  }

  /// The resource type of this name.
  /// - Throws: ``SOAPFault`` when the directory holds none.
  func type(_ name: String) throws -> ResourceType {
    guard let type = directory.catalog.resourceType(name) else {
      throw SOAPFault.store("This directory holds no resources of type \(name).")
    }
    return type
  }

  /// Whether the caller may do what the operation does to the user whom it is about, to the roles that it names, and to
  /// all of the other types that it touches.
  private func isAllowed() async throws -> Bool {
    if principal.isAdministrator { return true }
    let names = operation.parameters.filter { $0.meaning == .roles }.flatMap { roleNames($0.field.name) }
    for name in names {
      let id = name.isEveryone ? nil : try await role(named: name)?.id
      guard principal.may(operation.roleAccess, name.kind, id: id) else { return false }
    }
    let id = subjectName.isEmpty ? nil : try await user(named: subjectName)?.id
    if operation.isOpenToOneself, let id, id == principal.userID { return true }
    return operation.types.allSatisfy { principal.may(operation.access, $0, id: $0 == "User" ? id : nil) }
  }

  private func requireDefaultProfile() throws(SOAPFault) {
    for name in ["profileName", "profile"] {
      guard let profile = text(name), !profile.isEmpty, profile != Self.defaultProfile else { continue }
      throw .store("There is no profile \(profile), only \(Self.defaultProfile).")
    }
  }
}

extension UserStoreCall {
  /// The user whom the operation is about.
  /// - Throws: ``SOAPFault`` 30007 when there is none.
  func subject() async throws -> Resource {
    guard let user = try await user(named: subjectName) else { throw SOAPFault.noUser(subjectName) }
    return user
  }

  /// The name of the user whom the operation is about, as the caller has it.
  var subjectName: String {
    operation.parameters.first { $0.meaning == .subject }.flatMap { text($0.field.name) } ?? ""
  }

  func user(named name: String) async throws -> Resource? {
    let sameName = Filter.compare(AttributePath("userName"), .equal, .string(name))
    return try await directory.list(type: try type("User"), ListQuery(filter: sameName, count: 1)).resources.first
  }

  /// The ids of the users with these names.
  /// - Throws: ``SOAPFault`` 30007 for a name that nobody has.
  func userIDs(named names: [String]) async throws -> [String] {
    var ids: [String: String] = [:]
    // A few at a time, so that the filter stays short.
    for start in stride(from: 0, to: names.count, by: Self.namesAtOnce) {
      let part = names[start..<min(start + Self.namesAtOnce, names.count)]
      for user in try await users(named: Array(part)) {
        if let name = user.userName { ids[name.lowercased()] = user.id }
      }
    }
    return try names.map { name in
      guard let id = ids[UserStoreDomain.kept(name).lowercased()] else { throw SOAPFault.noUser(name) }
      return id
    }
  }

  private static let namesAtOnce = 32

  private func users(named names: [String]) async throws -> [Resource] {
    let terms = names.map { Filter.compare(AttributePath("userName"), .equal, .string($0)) }
    guard let first = terms.first else { return [] }
    let anyName = terms.dropFirst().reduce(first) { .or($0, $1) }
    let query = ListQuery(filter: anyName, attributes: [AttributePath("userName")])
    return try await directory.list(type: try type("User"), query).resources
  }

  /// The Group or Role of this name; nil when there is none. Its members are left out.
  func role(named name: RoleName) async throws -> Resource? {
    for displayName in name.displayNames {
      let sameName = Filter.compare(AttributePath("displayName"), .equal, .string(displayName))
      let query = ListQuery(filter: sameName, count: 1, attributes: [AttributePath("displayName")])
      if let role = try await directory.list(type: try type(name.kind), query).resources.first { return role }
    }
    return nil
  }

  /// The places of roles of these names, without that of `Internal/everyone`, where everybody is anyway.
  /// - Throws: ``SOAPFault`` 31303 or 31304 for a role that does not exist.
  func placements(_ names: [RoleName]) async throws -> [Placement] {
    var placements: [Placement] = []
    for name in names where !name.isEveryone {
      guard let role = try await role(named: name) else { throw SOAPFault.noRole(name) }
      placements.append(Placement(type: try type(name.kind), id: role.id))
    }
    return placements
  }
}
