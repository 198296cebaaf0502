import LocalDirectory
import Testing

/// Random sequences of operations give the same results over every store.
struct StoresAgreeTests {
  @Test(arguments: [1, 2, 3, 4] as [UInt64], StoreUnderTest.allCases.filter { $0 != .memory })
  func allStoresGiveTheSameAnswers(_ seed: UInt64, _ store: StoreUnderTest) async throws {
    let expected = try await StoreUnderTest.memory.use { try await Self.transcript($0, seed: seed) }
    let actual = try await store.use { try await Self.transcript($0, seed: seed) }
    #expect(expected.count == actual.count)
    if let index = zip(expected, actual).enumerated().first(where: { $1.0 != $1.1 })?.offset {
      Issue.record("operation \(index) of seed \(seed): \(expected[index]) against \(actual[index])")
    }
    for status in ["400", "404", "409", "412"] {
      #expect(expected.contains { $0.hasPrefix(status) }, "no operation was answered with \(status)")
    }
  }

  private static func transcript(_ store: any DirectoryStore, seed: UInt64) async throws -> [String] {
    var walk = try DirectoryWalk(over: store, seed: seed)
    return try await walk.take(steps: 300)
  }
}
