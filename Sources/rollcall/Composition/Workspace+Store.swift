import Foundation
import IdentityServer
import LocalDirectory
import Logging
import OpenID
import Reports
import Stores

extension Workspace {
  /// - Parameter place: as ``DirectoryPlace`` reads it.
  func store(at place: String) throws -> any ServerStore {
    do {
      return try DirectoryPlace(place).open()
    } catch let error as StoreError {
      throw CommandFailure(.unexpected, error.message)
    }
  }

  /// - Parameters:
  ///   - place: as ``DirectoryPlace`` reads it: where the key of the directory's secrets is found.
  ///   - policy: what new passwords must be like; nil for what the settings say.
  func directory(over store: any DirectoryStore, at place: String, _ policy: PasswordPolicy? = nil) throws -> Directory
  {
    Directory(
      store: store, catalog: .directory, passwordHasher: Argon2PasswordHasher(),
      passwordPolicy: try policy ?? settings.passwordPolicy(), now: { Date() },
      newID: { ResourceID.make(at: Date()) }
    ).sealing(with: try secretBox(at: place))
  }

  func trail(in log: any AccessLog, logger: Logger) -> AccessTrail { AccessTrail(log, logger: logger, now: now) }

  /// The tokens of a server beside this process, or of none. Its own log is not ours to write.
  func tokens(at place: String) throws -> AccessTokens {
    let store = try store(at: place)
    let silent = Logger(label: "rollcall") { _ in SwiftLogNoOpLogHandler() }
    return AccessTokens(store, trail: trail(in: store, logger: silent), now: now)
  }

  /// Who signs what is done on the command line.
  var operatorAuthor: Author { Author(name: "command:\(NSUserName())") }

  /// The name under which a controller signs, its own among all.
  var controllerName: String { "\(Self.hostName):\(ProcessInfo.processInfo.processIdentifier)" }
}
