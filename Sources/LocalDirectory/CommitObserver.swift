import SCIM

/// Learns of writes once they are durable, before their callers do: outbound provisioning, which is woken by them and
/// may have an answer wait.
package protocol CommitObserver: Sendable {
  /// - Throws: `SCIMError` when the caller must learn that the write, which stays, has not come where it should.
  func committed(_ write: CommittedWrite) async throws
}

/// A write that is durable.
package struct CommittedWrite: Hashable, Sendable {
  /// The resource type: `User`.
  package var type: String
  package var id: String
  /// Who asked for it.
  package var author: Author

  package init(type: String, id: String, author: Author) {
    self.type = type
    self.id = id
    self.author = author
  }
}

extension Directory {
  /// The same directory, whose writes the observer learns of.
  package func observed(by observer: any CommitObserver) -> Directory {
    var directory = self
    directory.observer = observer
    return directory
  }
}
