import Synchronization

/// The names of profiles or user roles by their ids, as far as they were read.
final class ObjectNames: Sendable {
  let object: UserField.NamedObject
  private let names = Mutex<[String: String]>([:])

  init(_ object: UserField.NamedObject) { self.object = object }

  subscript(id: String) -> String? { names.withLock { $0[id] } }

  /// The ids that go by this name: two user roles may share one.
  func ids(named name: String) -> [String] { names.withLock { $0.filter { $0.value == name }.map(\.key).sorted() } }

  func learn(_ names: [(id: String, name: String)]) {
    self.names.withLock { known in for entry in names { known[entry.id] = entry.name } }
  }
}
