import Foundation
import JSON

/// Measures the program against limits taken in the same run: `make bench`.
@main
struct Bench {
  /// `bench [USERS]` measures everything, `bench server [USERS]` the identity server alone. The other two are what the bench
  /// starts itself.
  static func main() async {
    do {
      try await run(CommandLine.arguments)
    } catch {
      FileHandle.standardError.write(Data("error: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func run(_ arguments: [String]) async throws {
    switch (arguments.dropFirst().first, arguments.count) {
    case ("peer", 4): try await runPeer(state: arguments[2], delay: .milliseconds(Int(arguments[3]) ?? 0))
    case ("bare", 3): try await BareServer(size: Int(arguments[2]) ?? 0).run()
    case ("server", _):
      let users = arguments.dropFirst(2).first.flatMap(Int.init) ?? 100_000
      if try await !measureServer(users: users) { exit(1) }
    case (let users, _):
      let users = users.flatMap(Int.init) ?? 10_000
      let converging = try await report { try await measure(Workload(users: users, groups: users / 10), in: $0) }
      let serving = try await measureServer(users: users * 10)
      if !converging || !serving { exit(1) }
    }
  }

  private static func measureServer(users: Int) async throws -> Bool {
    print("identity server, \(users) users; goals at 100,000 users")
    return try await report { try await ServerBench(users: users, program: program, folder: $0).run() }
  }

  private static func measure(_ workload: Workload, in folder: URL) async throws -> [Finding] {
    print("\(workload.users) users, \(workload.groups) groups; medians; goals at 10,000 users")
    return try await ReadingBench(workload: workload, program: program, folder: folder).run()
      + (try await ConvergingBench(workload: workload, program: program, folder: folder).run())
  }

  /// Runs a bench in a folder of its own and prints what it found.
  /// - Returns: whether all goals were reached.
  private static func report(_ bench: @Sendable (URL) async throws -> [Finding]) async throws -> Bool {
    let folder = FileManager.default.temporaryDirectory.appending(path: "rollcall-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let findings = try await bench(folder)
    findings.forEach { print($0.line) }
    return findings.allSatisfy(\.isReached)
  }

  private static var program: URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "rollcall")
  }

  private static func runPeer(state path: String, delay: Duration) async throws {
    let resources = try JSONValue(parsing: [UInt8](FileManager.default.contents(atPath: path) ?? Data()))
    let store = PeerStore()
    for type in ["User", "Group"] {
      store.load((resources[type]?.array ?? []).compactMap(\.object), as: type)
    }
    try await Peer(
      store: store, delay: delay,
      ready: { port in
        FileHandle.standardOutput.write(Data("\(port)\n".utf8))
      }
    ).run()
  }
}
