import JSON
import LocalDirectory
import SCIM

/// The first account of a new directory: somebody must be able to make the others.
package enum AdminAccount {
  /// Creates the user when there is none of this name; an existing one keeps its password. Of servers that share a store
  /// and start at the same time, one creates it.
  /// - Returns: whether the user was created.
  /// - Throws: `SCIMError` for a name or password that the directory refuses, or the store's error.
  package static func ensure(
    in directory: Directory, userName: String = "admin", password: String
  ) async throws -> Bool {
    guard let users = directory.catalog.resourceType("User"), try await !exists(in: directory, userName: userName)
    else {
      return false
    }
    let account: JSONObject = ["userName": .string(userName), "password": .string(password), "active": true]
    do {
      _ = try await directory.create(type: users, attributes: account, by: "first start", projection: .identity)
      return true
    } catch let error as SCIMError where error.kind == .uniqueness {
      return false
    }
  }

  /// Whether the directory has a user of this name.
  package static func exists(in directory: Directory, userName: String) async throws -> Bool {
    guard let users = directory.catalog.resourceType("User") else { return false }
    let sameName = Filter.compare(AttributePath("userName"), .equal, .string(userName))
    return try await directory.list(type: users, ListQuery(filter: sameName, count: 0)).totalResults != 0
  }
}
