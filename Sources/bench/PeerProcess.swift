import AsyncHTTPClient
import Foundation
import JSON
import NIOCore

/// The peer, running.
struct PeerProcess {
  struct Statistics {
    let reads: Int
    let writes: Int
    let mostInFlight: Int
    let largestWrite: Int
  }

  let url: String
  private let process: Process

  /// - Parameter delay: in seconds a request.
  init(users: [JSONObject], groups: [JSONObject], delay: Double, folder: URL) throws {
    let state = folder.appending(path: "peer-state.json")
    let resources: JSONObject = [
      "User": .array(users.map(JSONValue.object)), "Group": .array(groups.map(JSONValue.object)),
    ]
    try Data(resources.serialized()).write(to: state)
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    process.arguments = ["peer", state.path, String(Int(delay * 1000))]
    process.standardOutput = pipe
    try process.run()
    let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
    guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      process.terminate()
      throw BenchFailure("the peer did not start")
    }
    self.process = process
    url = "http://127.0.0.1:\(port)"
  }

  func statistics() async throws -> Statistics {
    let answer = try await HTTPClient.shared.get(url: url + "/statistics").get()
    let json = try JSONValue(parsing: answer.body.map { Array($0.readableBytesView) } ?? [])
    func count(_ name: String) -> Int { json[name]?.int ?? 0 }
    return Statistics(
      reads: count("reads"), writes: count("writes"), mostInFlight: count("mostInFlight"),
      largestWrite: count("largestWrite"))
  }

  func stop() {
    process.terminate()
    process.waitUntilExit()
  }
}
