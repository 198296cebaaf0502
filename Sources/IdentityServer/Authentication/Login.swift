import LocalDirectory
import OpenID
import SCIM

/// A name with the secret that shall prove it: of a user, or of an application.
struct Login: Sendable {
  enum Kind: Hashable, Sendable { case user, client }

  let kind: Kind
  let name: String
  let secret: String

  /// Whether anybody may have such a name and secret. Nothing else is looked at, counted or recorded: it costs nothing.
  var isPlausible: Bool { AccountName.mayExist(name) && secret.utf8.count <= AccountName.longestSecret }

  /// Who it is said to be, in the one spelling that the name has here: however it is written, it is one account that is
  /// guessed.
  var account: String {
    switch kind {
    case .user: Principal.signature(.user(id: ""), AccountName.folded(UserStoreDomain.kept(name)))
    case .client: Principal.signature(.client, name)
    }
  }
}

/// What a login leads to.
struct Account: Sendable {
  let principal: Principal
  /// The id of the resource that the account is.
  let id: String
  /// The version of the resource: another one may have another secret.
  let version: String?
}

/// The accounts of a directory: users, and the applications that service providers register.
struct DirectoryAccounts: Sendable {
  let directory: Directory
  let administrators: Administrators

  /// nil when the name and the secret do not belong together; that takes as long whether the name is known or not.
  func verify(_ login: Login) async throws -> Account? {
    switch login.kind {
    case .user:
      return try await directory.authenticate(userName: login.name, password: login.secret).map(account)
    case .client:
      guard let client = try await directory.authenticateClient(id: login.name, secret: login.secret) else {
        return nil
      }
      return try await account(.client, id: client.resource)
    }
  }

  /// The account as it is now; nil when it is gone.
  func account(_ kind: Login.Kind, id: String) async throws -> Account? {
    guard let type = directory.catalog.resourceType(kind == .user ? "User" : "ServiceProvider") else { return nil }
    do {
      let projection = kind == .user ? Administrators.projection : .identity
      let resource = try await directory.resource(type: type, id: id, projection: projection)
      switch kind {
      case .user: return account(of: resource)
      case .client:
        return try await directory.client(registeredBy: id).map {
          Account(
            principal: Principal(.client, name: $0.id, rights: $0.scopes.rights), id: id, version: resource.version)
        }
      }
    } catch let error as SCIMError where error.status == 404 {
      return nil
    }
  }

  /// A user for whom an application acts: what neither of them may do, both together may not. Scopes for resources are
  /// worth something in the hand of an administrator only.
  func principal(of user: Resource, by scopes: Scopes) -> Principal {
    let granted = administrators.contains(user) ? scopes : .none
    return Principal(.user(id: user.id), name: user.userName ?? user.id, rights: granted.rights)
  }

  private func account(of user: Resource) -> Account {
    let principal = Principal(
      .user(id: user.id), name: user.userName ?? user.id, rights: administrators.contains(user) ? .everything : .itself)
    return Account(principal: principal, id: user.id, version: user.version)
  }
}
