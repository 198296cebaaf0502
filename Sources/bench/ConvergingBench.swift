import Foundation
import JSON
import SCIM

/// P3, P5, P6 and P7: the built program against the peer, over HTTP on the loopback, each in a process of its own.
struct ConvergingBench {
  let workload: Workload
  let program: URL
  private let folder: URL

  private static let delay = 0.020
  private static let window = 16

  init(workload: Workload, program: URL, folder: URL) {
    self.workload = workload
    self.program = program
    self.folder = folder
  }

  func run() async throws -> [Finding] {
    try writeManifests()
    return try await noOp() + (try await coldApply()) + (try await repair())
  }

  private func writeManifests() throws {
    let manifests = folder.appending(path: "manifests")
    try FileManager.default.createDirectory(at: manifests, withIntermediateDirectories: true)
    for (index, text) in workload.manifests().enumerated() {
      try Data(text.utf8).write(to: manifests.appending(path: "workload-\(index).yaml"))
    }
    let endpoint = """
      apiVersion: rollcall/v1
      kind: Endpoint
      metadata: {name: peer}
      spec:
        type: scim2
        url: ${PEER}
        limits: {concurrency: \(Self.window)}
        safety: {maxMemberRemovals: 100%}
      """
    try Data(endpoint.utf8).write(to: manifests.appending(path: "endpoint.yaml"))
  }

  // MARK: P3 and P5

  private func noOp() async throws -> [Finding] {
    let (users, groups) = workload.resources()
    let peer = try PeerProcess(users: users, groups: groups, delay: 0, folder: folder)
    defer { peer.stop() }
    let cost = try await median(of: 5) { try rollcall("plan", peer, state: "noop-plan") }
    let before = try await peer.statistics()
    _ = try rollcall("plan", peer, state: "noop-plan")
    let after = try await peer.statistics()
    let reads = after.reads - before.reads
    let pages = (workload.users + 999) / 1000 + (workload.groups + 999) / 1000
    return [
      Finding(
        goal: "P3", what: "no-op plan, CPU of the process", measured: "\(cost.cpu.rounded(2)) s",
        limit: "≤ 1.40 s, aim 0.70 s",
        isReached: cost.cpu <= 1.4),
      Finding(
        goal: "P5", what: "requests of a no-op", measured: "\(reads) reads, \(after.writes - before.writes) writes",
        limit: "\(pages) pages and at most 3 of discovery",
        isReached: reads <= pages + 3 && after.writes == before.writes),
    ]
  }

  // MARK: P6

  private func coldApply() async throws -> [Finding] {
    let peer = try PeerProcess(users: [], groups: [], delay: Self.delay, folder: folder)
    defer { peer.stop() }
    let cost = try rollcall("apply", peer, state: "cold", "--yes")
    let statistics = try await peer.statistics()
    let writes = workload.users + workload.groups
    let bound = Double(writes) * Self.delay / Double(Self.window)
    return [
      Finding(
        goal: "P6", what: "cold apply, 20 ms a request, \(Self.window) in flight, wall",
        measured: "\(cost.wall.rounded(1)) s = \((cost.wall / bound).rounded(2)) × the bound",
        limit: "≤ 1.25 × \(bound.rounded(2)) s",
        isReached: cost.wall <= 1.25 * bound),
      Finding(
        goal: "P6", what: "writes, in flight at most, CPU",
        measured: "\(statistics.writes) writes, \(statistics.mostInFlight) in flight, \(cost.cpu.rounded(1)) s",
        limit: "\(writes) writes, \(Self.window), ≤ 4 s",
        isReached: statistics.writes == writes && statistics.mostInFlight <= Self.window && cost.cpu <= 4),
    ]
  }

  // MARK: P7

  /// One user in a hundred has another title there, and the largest group lost one member and gained another.
  private func repair() async throws -> [Finding] {
    var (users, groups) = workload.resources()
    var expected = 0
    for index in stride(from: 50, to: users.count, by: 100) {
      users[index]["title"] = "Changed by hand"
      expected += 1
    }
    var members = groups[0]["members"]?.array ?? []
    let stranger = (0..<workload.users).first { !Set(workload.members(of: 0)).contains($0) } ?? 0
    members[0] = ["value": .string(Workload.userID(stranger)), "type": "User"]
    groups[0]["members"] = .array(members)
    expected += 1
    let peer = try PeerProcess(users: users, groups: groups, delay: Self.delay, folder: folder)
    defer { peer.stop() }
    let cost = try rollcall("apply", peer, state: "repair", "--yes")
    let statistics = try await peer.statistics()
    return [
      Finding(
        goal: "P7", what: "repair of 1 % drift",
        measured:
          "\(statistics.writes) writes, the largest \(statistics.largestWrite) bytes, \(cost.wall.rounded(1)) s",
        limit: "\(expected) writes, ≤ 2,048 bytes",
        isReached: statistics.writes == expected && statistics.largestWrite <= 2048)
    ]
  }

  private func rollcall(_ verb: String, _ peer: PeerProcess, state: String, _ more: String...) throws -> Cost {
    let start = (processorTime(RUSAGE_CHILDREN), ContinuousClock.now)
    let process = Process()
    process.executableURL = program
    process.arguments =
      [verb, "-f", folder.appending(path: "manifests").path, "--state", folder.appending(path: "\(state).sqlite").path]
      + more
    process.environment = ["PEER": peer.url + "/v2", "PATH": "/usr/bin:/bin"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw BenchFailure("rollcall \(verb) ended with exit code \(process.terminationStatus)")
    }
    return Cost(cpu: processorTime(RUSAGE_CHILDREN) - start.0, wall: (ContinuousClock.now - start.1).seconds)
  }
}
