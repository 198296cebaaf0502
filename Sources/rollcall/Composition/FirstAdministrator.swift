import IdentityServer
import LocalDirectory
import Reports
import SCIM

/// The administrator of a new directory. The well-known password is for a first try on this machine and nothing else.
struct FirstAdministrator {
  private static let wellKnownPassword = "admin"

  let name: String
  /// From the environment; nil when none is given.
  let password: String?

  /// Makes the administrator where there is none, and warns as long as it has the well-known password.
  /// - Parameter isLocal: whether only this machine is to reach the server.
  /// - Throws: ``CommandFailure`` when the server would be open to everybody.
  func welcome(to directory: Directory, isLocal: Bool, _ workspace: Workspace) async throws {
    try await make(in: directory, isLocal: isLocal)
    guard try await directory.authenticate(userName: name, password: Self.wellKnownPassword) != nil else { return }
    guard isLocal else {
      throw CommandFailure(
        .usage, "beyond the loopback, or behind a proxy, \(name) must not have the password \(Self.wellKnownPassword)",
        hint: change)
    }
    workspace.warn("\(name) has the password \(Self.wellKnownPassword), and everybody knows it; \(change)")
  }

  private var change: String { "change it with `rollcall serve passwd \(name)`" }

  private func make(in directory: Directory, isLocal: Bool) async throws {
    if let password {
      do {
        _ = try await AdminAccount.ensure(in: directory, userName: name, password: password)
      } catch let error as SCIMError {
        throw CommandFailure(.usage, "\(name) cannot be made: \(error.detail)")
      }
    } else if isLocal {
      _ = try await AdminAccount.ensure(
        in: directory.with(.anything), userName: name, password: Self.wellKnownPassword)
    } else if try await !AdminAccount.exists(in: directory, userName: name) {
      throw CommandFailure(
        .usage, "there is no \(name) yet, and beyond the loopback, or behind a proxy, it needs a password of its own",
        hint: "put one into an environment variable and name it with --admin-password-env")
    }
  }
}
