import Foundation
import IdentityServer
import Reconciliation
import Synchronization

extension Workspace {
  /// The state of the controllers that a server shows.
  /// - Parameter place: nil for the one that `run` makes in the same folder, looked for until there is one.
  func controllers(at place: String?) throws -> @Sendable () throws -> (any ControllerStorage)? {
    if let place {
      let storage = try state(at: place)
      return { storage }
    }
    let found = FoundState {
      FileManager.default.fileExists(atPath: Self.defaultState) ? try state(at: Self.defaultState) : nil
    }
    return { try found.storage() }
  }
}

/// A state that is opened once it is there.
private final class FoundState: Sendable {
  private let opened = Mutex<(any ControllerStorage)?>(nil)
  private let open: @Sendable () throws -> (any ControllerStorage)?

  init(_ open: @escaping @Sendable () throws -> (any ControllerStorage)?) { self.open = open }

  func storage() throws -> (any ControllerStorage)? {
    try opened.withLock { opened in
      if opened == nil { opened = try open() }
      return opened
    }
  }
}
