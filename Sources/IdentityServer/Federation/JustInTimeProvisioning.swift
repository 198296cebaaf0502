import JSON
import LocalDirectory
import OpenID
import SCIM

/// Finds the account here of somebody whom an identity provider has vouched for, makes it where that is wanted, and keeps it
/// as the provider says. All of it by the directory's one way to write.
struct JustInTimeProvisioning: Sendable {
  /// Where the search for an account ends.
  enum Outcome: Sendable {
    /// The id of the user.
    case account(String)
    /// The user has to be asked first. The name is what the account would be called.
    case question(name: String)
    case refused(AccountRefusal)
  }

  /// What the user has answered.
  struct Answers: Sendable {
    var userName: String?
    var password: String?
  }

  let directory: Directory
  let administrators: Administrators
  let trail: AccessTrail
  let provider: FederatedProvider
  let author: Author

  /// - Parameter answers: nil before anything was asked.
  func account(for assertion: FederatedAssertion, _ answers: Answers? = nil) async throws -> Outcome {
    if let known = try await directory.user(of: assertion.identity) { return try await returning(known, assertion) }
    switch try await associable(assertion) {
    case .account(let id): return try await associating(id, assertion)
    case .refused(let refusal): return .refused(refusal)
    case .question, nil: break
    }
    guard provider.policy.isEnabled else { return .refused(.noAccount) }
    guard let name = accountName(assertion, answers) else { return .refused(.unusableName) }
    if answers == nil, provider.policy.prompt != .none { return .question(name: name) }
    return try await making(name, assertion, answers)
  }

  // MARK: Accounts that are here

  private func returning(_ id: String, _ assertion: FederatedAssertion) async throws -> Outcome {
    guard let (user, _) = try await directory.activeUser(id) else { return .refused(.inactive) }
    if provider.policy.isEnabled {
      try await AccountSync(directory: directory, provider: provider, author: author).update(user, assertion.claims)
    }
    return .account(id)
  }

  /// The account that the provider's rule of association finds; nil for none.
  private func associable(_ assertion: FederatedAssertion) async throws -> Outcome? {
    let found: [String]
    switch provider.policy.association {
    case .none: return nil
    case .verifiedEmail:
      guard let email = assertion.verifiedEmail else { return nil }
      found = try await directory.localUsers(withEmail: email)
    case .externalId:
      let subject = assertion.identity.subject
      found = try await users(.compare(AttributePath("externalId"), .equal, .string(subject)))
        .filter { $0["externalId"]?.string?.isExactly(subject) ?? false }.map(\.id)
    }
    guard found.count < 2 else { return .refused(.ambiguous) }
    return found.first.map { .account($0) }
  }

  private func associating(_ id: String, _ assertion: FederatedAssertion) async throws -> Outcome {
    guard try await directory.activeUser(id) != nil else { return .refused(.inactive) }
    do {
      try await directory.add(assertion.identity, to: id)
    } catch let error as SCIMError where error.status == 409 {
      return .refused(.takenByAnother)
    }
    let rule = provider.policy.association.rawValue
    await trail.record(
      .accountAssociated, by: author, "the user \(id) is \(assertion.identity.subject) there, by \(rule)")
    return try await returning(id, assertion)
  }

  // MARK: New accounts

  private func accountName(_ assertion: FederatedAssertion, _ answers: Answers?) -> String? {
    if let chosen = answers?.userName { return provider.policy.accountName(chosen) }
    let claim = assertion.claims.claim(provider.claims.userID)
    return (claim?.string ?? claim?.number?.literal).flatMap(provider.policy.accountName)
  }

  private func making(_ name: String, _ assertion: FederatedAssertion, _ answers: Answers?) async throws -> Outcome {
    // Rights go by these names, so that whoever got one would get them too.
    guard !administrators.names(name), let type = directory.catalog.resourceType("User") else {
      return .refused(.nameTaken(name))
    }
    var attributes = try provider.claims.attributes(assertion.claims)
    attributes["userName"] = .string(name)
    attributes["active"] = true
    attributes["password"] = (answers?.password).map(JSONValue.string)
    let sync = AccountSync(directory: directory, provider: provider, author: author)
    do {
      let user = try await directory.create(
        type: type, attributes: attributes, into: try await sync.places(assertion.claims), with: assertion.identity,
        by: author, projection: .identity)
      return .account(user.id)
    } catch let error as SCIMError where error.status == 409 {
      // Of two browsers that came at once, one has made it.
      if let known = try await directory.user(of: assertion.identity) { return try await returning(known, assertion) }
      let sameName = Filter.compare(AttributePath("userName"), .equal, .string(name))
      return .refused(try await users(sameName).isEmpty ? .takenByAnother : .nameTaken(name))
    }
  }

  /// Two of those that the filter finds: enough to tell whether there is one.
  private func users(_ filter: Filter) async throws -> [Resource] {
    guard let type = directory.catalog.resourceType("User") else { return [] }
    let query = ListQuery(
      filter: filter, count: 2, attributes: [AttributePath("userName"), AttributePath("externalId")])
    return try await directory.list(type: type, query).resources
  }
}
