import Testing

@testable import IdentityServer

struct BellTests {
  private static let forever = Duration.seconds(600)

  @Test func aRingWhileNobodyWaitsIsNotLost() async {
    let bell = Bell()
    bell.ring()
    bell.ring(isUrgent: true)
    await bell.wait(atMost: Self.forever)
    #expect(bell.takeUrgency())
    #expect(!bell.takeUrgency())
  }

  @Test func aRingWakesWhoeverWaits() async {
    let bell = Bell()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await bell.wait(atMost: Self.forever) }
      group.addTask { bell.ring() }
    }
  }

  @Test func cancellationEndsTheWait() async {
    let bell = Bell()
    let task = Task { await bell.wait(atMost: Self.forever) }
    task.cancel()
    await task.value
    // And leaves no ring behind.
    await bell.wait(atMost: .milliseconds(1))
  }
}
