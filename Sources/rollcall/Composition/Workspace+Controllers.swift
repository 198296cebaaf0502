import Foundation
import IdentityServer
import Reconciliation
import Stores
import Synchronization

extension Workspace {
  /// The state of the controllers that a server shows.
  /// - Parameter place: nil for the one that `run` makes in the same folder, looked for until there is one.
  func controllers(at place: String?) throws -> @Sendable () throws -> (any ControllerStorage)? {
    if let place {
      let storage = try state(at: place)
      return { storage }
    }
    let found = FoundState(path: Self.defaultState) { try state(at: Self.defaultState) }
    return { try found.storage() }
  }
}

/// A state file that is opened once it is there, and anew when another has taken its place.
private final class FoundState: Sendable {
  private let path: String
  private let opened = Mutex<(storage: any ControllerStorage, file: FileIdentity)?>(nil)
  private let open: @Sendable () throws -> any ControllerStorage

  init(path: String, _ open: @escaping @Sendable () throws -> any ControllerStorage) {
    self.path = path
    self.open = open
  }

  func storage() throws -> (any ControllerStorage)? {
    try opened.withLock { opened in
      guard let file = FileIdentity(of: path) else {
        opened = nil
        return nil
      }
      if let opened, opened.file == file { return opened.storage }
      let storage = try open()
      opened = (storage, file)
      return storage
    }
  }
}
