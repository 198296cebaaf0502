import Foundation
import Synchronization
import Testing

@testable import Stores

/// Writers that share transactions on a disk so slow that they are gathered.
struct GroupCommitTests {
  @Test func gathersWritersAndLosesNone() async throws {
    let disk = SlowDisk()
    let commits = GroupCommit<SlowDisk> { body in disk.queue.async { body(disk) } }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<16 {
        group.addTask {
          for turn in 0..<10 {
            let written = try await commits.write { disk in disk.write("\(writer).\(turn)") }
            #expect(written == "\(writer).\(turn)")
          }
        }
      }
      try await group.waitForAll()
    }
    let (lines, transactions) = disk.state.withLock { ($0.lines, $0.transactions) }
    #expect(Set(lines).count == 160)
    #expect(lines.count == 160)
    #expect(transactions < 160)
  }

  @Test func anErrorIsOnlyItsOwnWriters() async throws {
    let disk = SlowDisk()
    let commits = GroupCommit<SlowDisk> { body in disk.queue.async { body(disk) } }
    let failures = try await withThrowingTaskGroup(of: Bool.self) { group in
      for writer in 0..<32 {
        group.addTask {
          do {
            _ = try await commits.write { disk in
              if writer.isMultiple(of: 4) { throw CocoaError(.fileWriteUnknown) }
              return disk.write("\(writer)")
            }
            return false
          } catch is CocoaError {
            return true
          }
        }
      }
      return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(failures == 8)
    #expect(disk.state.withLock { $0.lines.count } == 24)
  }
}

/// Keeps what is written in memory, two milliseconds a transaction.
private final class SlowDisk: WritingConnection, Sendable {
  struct State {
    var lines: [String] = []
    var transactions = 0
    var isInside = false
  }

  let queue = DispatchQueue(label: "slow disk")
  let state = Mutex(State())

  var isInsideTransaction: Bool { state.withLock(\.isInside) }

  func write(_ line: String) -> String {
    state.withLock { $0.lines.append(line) }
    return line
  }

  func inTransaction(_ body: () throws -> Void) throws {
    state.withLock {
      $0.isInside = true
      $0.transactions += 1
    }
    defer { state.withLock { $0.isInside = false } }
    try inSavepoint(body)
    Thread.sleep(forTimeInterval: 0.002)
  }

  func inSavepoint<Value>(_ body: () throws -> Value) throws -> Value {
    let before = state.withLock(\.lines)
    do { return try body() } catch {
      state.withLock { $0.lines = before }
      throw error
    }
  }
}
