import Foundation
import JSON

/// Measures the program against limits taken in the same run: `make bench`.
@main
struct Bench {
  static func main() async throws {
    let arguments = CommandLine.arguments
    if arguments.count == 4, arguments[1] == "peer" {
      try await runPeer(state: arguments[2], delay: .milliseconds(Int(arguments[3]) ?? 0))
    } else {
      let users = arguments.dropFirst().first.flatMap(Int.init) ?? 10_000
      try await measure(Workload(users: users, groups: users / 10))
    }
  }

  private static func measure(_ workload: Workload) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "rollcall-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "rollcall")
    print("\(workload.users) users, \(workload.groups) groups; medians; goals at 10,000 users")
    var findings = try await ReadingBench(workload: workload).run()
    findings.forEach { print($0.line) }
    let converging = try await ConvergingBench(workload: workload, program: program, folder: folder).run()
    converging.forEach { print($0.line) }
    findings += converging
    if findings.contains(where: { !$0.isReached }) { exit(1) }
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
