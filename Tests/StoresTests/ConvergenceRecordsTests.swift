import Foundation
import JSON
import Reconciliation
import Stores
import Testing

/// What is known of endpoints from pass to pass, in every store of a state.
struct ConvergenceRecordsTests {
  private let time = Date(timeIntervalSince1970: 1_800_000_000.125)

  @Test(arguments: StateStoreUnderTest.allCases)
  func statusesAndOrdersAreReplaced(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let storage = try open()
      #expect(try await storage.statuses() == [:])
      try await storage.save(status: ["ready": true], of: "slack")
      try await storage.save(status: ["ready": false], of: "slack")
      try await storage.save(status: [:], of: "github")
      try await storage.save(order: ["suspended": true], of: "slack")
      #expect(try await open().statuses() == ["slack": ["ready": false], "github": [:]])
      #expect(try await open().orders() == ["slack": ["suspended": true]])
      try await storage.removeOrder(of: "slack")
      #expect(try await storage.orders() == [:])
    }
  }

  @Test(arguments: StateStoreUnderTest.allCases)
  func theLastPlanIsKept(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let storage = try open()
      #expect(try await storage.plan(of: "slack") == nil)
      try await storage.save(plan: ["hash": "a"], of: "slack")
      try await storage.save(plan: ["hash": "b"], of: "slack")
      try await storage.save(plan: ["hash": "c"], of: "github")
      #expect(try await open().plan(of: "slack") == ["hash": "b"])
    }
  }

  @Test(arguments: StateStoreUnderTest.allCases)
  func findingsAreChangedOneEndpointAtATime(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let storage = try open()
      try await storage.changeDriftFindings(at: "slack") { $0 = ["a": ["n": 1], "b": ["n": 2]] }
      try await storage.changeDriftFindings(at: "github") { $0["a"] = ["n": 3] }
      let before = try await storage.changeDriftFindings(at: "slack") { findings in
        defer { findings = ["b": ["n": 4], "c": ["n": 5]] }
        return findings
      }
      #expect(before == ["a": ["n": 1], "b": ["n": 2]])
      #expect(try await open().driftFindings(at: "slack") == ["b": ["n": 4], "c": ["n": 5]])
      #expect(
        try await storage.driftFindings() == ["slack": ["b": ["n": 4], "c": ["n": 5]], "github": ["a": ["n": 3]]])
      try await storage.changeDriftFindings(at: "slack") { $0 = [:] }
      #expect(try await storage.driftFindings(at: "slack") == [:])
      #expect(try await storage.driftFindings().keys.sorted() == ["github"])
    }
  }

  @Test(arguments: StateStoreUnderTest.allCases)
  func findingsStayAsTheyWereWhenAChangeFails(_ kind: StateStoreUnderTest) async throws {
    struct Broken: Error {}
    try await kind.use { open in
      let storage = try open()
      try await storage.changeDriftFindings(at: "slack") { $0 = ["a": ["n": 1]] }
      await #expect(throws: Broken.self) {
        try await storage.changeDriftFindings(at: "slack") { findings in
          findings = [:]
          throw Broken()
        }
      }
      #expect(try await storage.driftFindings(at: "slack") == ["a": ["n": 1]])
    }
  }

  @Test(arguments: StateStoreUnderTest.allCases)
  func noChangeOfFindingsIsLost(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let stores = try [open(), open()]
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<20 {
          group.addTask {
            try await stores[number % 2].changeDriftFindings(at: "slack") { findings in
              findings["\(number)"] = ["seen": .number(JSONNumber(findings.count))]
            }
          }
        }
        try await group.waitForAll()
      }
      let findings = try await stores[0].driftFindings(at: "slack")
      #expect(Set(findings.values.compactMap { $0["seen"]?.int }) == Set(0..<20))
    }
  }

  @Test(arguments: StateStoreUnderTest.allCases)
  func noChangeOfWhatWasToldIsLost(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let stores = try [open(), open()]
      #expect(try await stores[0].notification(named: "people") == nil)
      try await stores[0].changeNotification(named: "others") { $0 = ["n": 1] }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<20 {
          group.addTask {
            try await stores[number % 2].changeNotification(named: "people") { document in
              document = ["n": .number(JSONNumber((document?["n"]?.int ?? 0) + 1))]
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await open().notification(named: "people") == ["n": 20])
      #expect(try await open().notification(named: "others") == ["n": 1])
    }
  }

  @Test(arguments: StateStoreUnderTest.allCases)
  func samplesComeInTheirOrder(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let storage = try open()
      let samples = (0..<3).map { number in
        DriftSample(endpoint: "slack", time: time + Double(number), document: ["n": .number(JSONNumber(number))])
      }
      for sample in samples.reversed() { try await storage.append(driftSample: sample) }
      #expect(try await storage.driftSamples(since: time) == samples)
      #expect(try await storage.driftSamples(since: time + 0.001) == Array(samples.dropFirst()))
      let again = DriftSample(endpoint: "slack", time: time, document: ["n": 9])
      try await storage.append(driftSample: again)
      #expect(try await storage.driftSamples(since: .distantPast).first == again)
      try await storage.dropDriftSamples(before: time + 2)
      #expect(try await open().driftSamples(since: .distantPast) == [samples[2]])
    }
  }

  @Test(arguments: StateStoreUnderTest.allCases)
  func anEndpointIsForgottenButNotItsLedger(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let storage = try open()
      for endpoint in ["slack", "github"] {
        try await storage.save(status: [:], of: endpoint)
        try await storage.save(order: [:], of: endpoint)
        try await storage.save(plan: [:], of: endpoint)
        try await storage.changeDriftFindings(at: endpoint) { $0 = ["a": [:]] }
        try await storage.append(driftSample: DriftSample(endpoint: endpoint, time: time, document: [:]))
      }
      try await storage.save(
        [
          Ledger.Entry(
            key: ResourceKey("User", "alice"), remoteID: "1", origin: .created, applied: [:], updatedAt: time)
        ], at: "slack")
      try await storage.forget(endpoint: "slack")
      #expect(try await storage.statuses().keys.sorted() == ["github"])
      #expect(try await storage.orders().keys.sorted() == ["github"])
      #expect(try await storage.plan(of: "slack") == nil)
      #expect(try await storage.plan(of: "github") == [:])
      #expect(try await storage.driftFindings(at: "slack") == [:])
      #expect(try await storage.driftFindings(at: "github") == ["a": [:]])
      #expect(try await storage.driftSamples(since: .distantPast).map(\.endpoint) == ["github"])
      #expect(try await storage.ledger(of: "slack").entries.count == 1)
    }
  }
}
