import CEventLoop
import Foundation
import Manifests
import Reconciliation

/// P1 and P2: parsing and validating manifests, against libyaml's bare event loop over the same bytes.
struct ReadingBench {
  let workload: Workload
  let program: URL
  let folder: URL

  private static let runs = 5

  func run() async throws -> [Finding] {
    let sources = workload.manifests().enumerated().map { index, text in
      ManifestSource(path: "manifests-\(index).yaml", bytes: Array(text.utf8))
    }
    var ratios: [Double] = []
    var walls: [Double] = []
    for _ in 0..<Self.runs {
      let floor = try await cost { try countEvents(of: sources) }
      let one = try await cost { try await compile(sources, parallelism: 1) }
      let two = try await cost { try await compile(sources, parallelism: 2) }
      ratios.append(one.cpu / floor.cpu)
      walls.append(two.wall / one.wall)
    }
    let (ratio, wall) = (ratios.sorted()[Self.runs / 2], walls.sorted()[Self.runs / 2])
    return [
      Finding(
        goal: "P1", what: "parse and validate \(workload.users) users, one thread, CPU",
        measured: "\(ratio.rounded(2)) × libyaml's event loop",
        limit: "≤ 3.00 ×", isReached: ratio <= 3),
      Finding(
        goal: "P2", what: "the same on two cores, wall", measured: "\(wall.rounded(2)) × one thread", limit: "≤ 0.60 ×",
        isReached: wall <= 0.6),
      try memory(),
    ]
  }

  /// What the program takes at most to validate ten times as many documents.
  private func memory() throws -> Finding {
    let large = Workload(users: workload.users * 10, groups: workload.groups * 10)
    let manifests = folder.appending(path: "large")
    try FileManager.default.createDirectory(at: manifests, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: manifests) }
    var length = 0
    for (index, text) in large.manifests().enumerated() {
      length += text.utf8.count
      try Data(text.utf8).write(to: manifests.appending(path: "manifests-\(index).yaml"))
    }
    let process = Process()
    process.executableURL = program
    process.arguments = ["validate", "-f", manifests.path]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    var peak = 0
    while process.isRunning {
      peak = max(peak, process.peakMemory)
      Thread.sleep(forTimeInterval: 0.005)
    }
    guard process.terminationStatus == 0 else { throw BenchFailure("rollcall validate failed") }
    let limit = 3 * Double(length) / 1e6 + 30
    return Finding(
      goal: "P2", what: "memory for \(large.users) users, \((Double(length) / 1e6).rounded(1)) MB of YAML",
      measured: "\((Double(peak) / 1e6).rounded(0)) MB", limit: "≤ \(limit.rounded(0)) MB",
      isReached: Double(peak) / 1e6 <= limit)
  }

  private func countEvents(of sources: [ManifestSource]) throws {
    for source in sources {
      let events = try source.bytes().withUnsafeBufferPointer { count_yaml_events($0.baseAddress, $0.count) }
      guard events > 0 else { throw BenchFailure("the workload is not valid YAML") }
    }
  }

  private func compile(_ sources: [ManifestSource], parallelism: Int) async throws {
    let compilation = await ManifestCompiler().compile(sources, parallelism: parallelism)
    guard compilation.isValid else {
      throw BenchFailure(
        "the workload is not valid: \(compilation.diagnostics.first.map { "\($0.location) \($0.message)" } ?? "")")
    }
  }
}

/// Why a bench could not be run.
struct BenchFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
