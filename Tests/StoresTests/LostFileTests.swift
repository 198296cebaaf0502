import Foundation
import JSON
import LocalDirectory
import Reconciliation
import Testing

@testable import Stores

/// A file that goes away under its store: nothing is written that nobody could read afterwards.
struct LostFileTests {
  enum Loss: String, CaseIterable {
    case removed, replaced
  }

  /// With its side files, as `git clean` does it.
  private func lose(_ path: String, _ loss: Loss) throws {
    for suffix in ["", "-wal", "-shm"] { try FileManager.default.removeItem(atPath: path + suffix) }
    if loss == .replaced { try Data().write(to: URL(fileURLWithPath: path)) }
  }

  @Test(arguments: Loss.allCases)
  func aStateIsNotReadOrWrittenAnyMore(_ loss: Loss) async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("state.sqlite")
    let store = try SQLiteStateStore(path: path)
    let holder = LeaseHolder(name: "test", id: "1")
    let leases = try await store.acquire(["slack"], for: holder, lasting: .seconds(60)) { _ in false }
    try lose(path, loss)
    for write in [
      { try await store.ledgers(under: leases).append([.sample("one", "alice", .intent)]) },
      { _ = try await store.renew(leases, lasting: .seconds(60)) },
      { try await store.save(status: [:], of: "slack") },
      { _ = try await store.statuses() },
    ] as [() async throws -> Void] {
      let error = await #expect(throws: StoreError.self) { try await write() }
      #expect(error?.kind == .unavailable)
      #expect(error?.message.contains(path) == true && error?.message.contains(loss.rawValue) == true)
    }
  }

  @Test(arguments: Loss.allCases)
  func aDirectoryIsNotWrittenAnyMore(_ loss: Loss) async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("directory.sqlite")
    let store = try SQLiteDirectoryStore(path: path)
    try await store.write { _ in }
    try lose(path, loss)
    let error = await #expect(throws: StoreError.self) { try await store.write { _ in } }
    #expect(error?.kind == .unavailable)
  }

  @Test func anotherNameOfAFileIsTheSameFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("state.sqlite")
    _ = try SQLiteStateStore(path: path)
    try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: path)
    #expect(FileIdentity(of: path) != nil)
    #expect(FileIdentity(of: folder.file("link")) == FileIdentity(of: path))
    #expect(FileIdentity(of: folder.file("nothing")) == nil)
  }
}
