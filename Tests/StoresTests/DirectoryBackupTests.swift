import Foundation
import JSON
import LocalDirectory
import Testing

@testable import Stores

/// Copies of a directory file.
struct DirectoryBackupTests {
  private static func user(_ id: String) -> StoredResource {
    let time = Date(timeIntervalSince1970: 1_800_000_000)
    return StoredResource(
      type: "User", id: id, attributes: ["userName": .string(id)], version: 1, created: time, lastModified: time)
  }

  /// Every write makes a user, an event and a membership in one transaction, so a copy that tears one apart shows.
  @Test func aCopyIsConsistentWhileAWriterIsActive() async throws {
    let folder = try TemporaryFolder()
    let store = try SQLiteDirectoryStore(path: folder.file("directory.sqlite"))
    try await store.write { try $0.insert(Self.user("group")) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for number in 0... {
          if Task.isCancelled { return }
          try await store.write { transaction in
            try transaction.insert(Self.user("u\(number)"))
            try transaction.add([Membership(container: "group", attribute: "members", member: "u\(number)")])
            try transaction.append(
              DirectoryEvent(
                time: Date(timeIntervalSince1970: 0), author: "test", action: .create, resourceType: "User",
                id: "u\(number)"))
          }
        }
      }
      defer { group.cancelAll() }
      var last = 0
      for number in 1...5 {
        // The writer must have come further since the last copy.
        while try await store.read({ try $0.count("User") }) <= last + 1 { await Task.yield() }
        let copy = folder.file("copy-\(number).sqlite")
        let content = try DirectoryBackup(of: store.path).write(to: copy)
        #expect(content.events > last)
        last = content.events
        #expect(try permissions(copy) == 0o600)
        try await check(copy, content)
      }
    }
  }

  private func check(_ copy: String, _ content: DirectoryBackup.Content) async throws {
    let store = try SQLiteDirectoryStore(path: copy)
    let (users, members, events) = try await store.read { reader in
      (
        try reader.count("User"), try reader.members(of: "group", in: "members").count,
        try reader.events(after: 0, limit: .max).count
      )
    }
    #expect(users == content.resources)
    #expect(content.resources == content.events + 1)
    #expect(members == content.events)
    #expect(events == content.events)
    // And it is a directory that goes on.
    try await store.write { try $0.insert(Self.user("later")) }
  }

  @Test func whatIsThereStays() throws {
    let folder = try TemporaryFolder()
    _ = try SQLiteDirectoryStore(path: folder.file("directory.sqlite"))
    let copy = folder.file("copy")
    try Data("precious".utf8).write(to: URL(fileURLWithPath: copy))
    let error = #expect(throws: StoreError.self) {
      try DirectoryBackup(of: folder.file("directory.sqlite")).write(to: copy)
    }
    #expect(error?.message.contains(copy) == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: copy)) == Data("precious".utf8))
  }

  @Test func thereMustBeADirectory() throws {
    let folder = try TemporaryFolder()
    #expect(throws: StoreError.self) { try DirectoryBackup(of: folder.file("none")).write(to: folder.file("copy")) }
    #expect(!FileManager.default.fileExists(atPath: folder.file("none")))
    #expect(!FileManager.default.fileExists(atPath: folder.file("copy")))
    try Data("no database".utf8).write(to: URL(fileURLWithPath: folder.file("notes")))
    let error = #expect(throws: StoreError.self) {
      try DirectoryBackup(of: folder.file("notes")).write(to: folder.file("copy"))
    }
    #expect(error?.kind == .notADatabase)
    #expect(!FileManager.default.fileExists(atPath: folder.file("copy")))
  }

  @Test func aPlaceThatCannotBeWrittenIsReported() throws {
    let folder = try TemporaryFolder()
    _ = try SQLiteDirectoryStore(path: folder.file("directory.sqlite"))
    let error = #expect(throws: StoreError.self) {
      try DirectoryBackup(of: folder.file("directory.sqlite")).write(to: folder.file("no/such/folder"))
    }
    #expect(error?.kind == .unavailable)
  }
}
