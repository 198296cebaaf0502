import Foundation
import JSON
import SCIM

/// S1 to S6 and G1: the identity server of the built program, at no user, at a tenth of them and at all, beside what SQLite and
/// the HTTP library do in the same run.
struct ServerBench {
  let users: Int
  let program: URL
  let folder: URL

  /// Of a user's answer, in bytes, near enough for the limits.
  private static let documentSize = 900

  func run() async throws -> [Finding] {
    let bare = try await load(of: try bareServer())
    print("the HTTP library alone, \(Self.documentSize) bytes: \(bare.line)")
    var nginx: Load?
    if let server = try ServerProcess.nginx(size: Self.documentSize, folder: folder) {
      nginx = try await load(of: server)
    }
    if let nginx { print("nginx, \(Self.documentSize) bytes: \(nginx.line)") }

    let store = folder.appending(path: "directory.sqlite")
    try await createFirstAdministrator(store)
    var seed = try DirectorySeed(store: store)
    var passes: [ServerPass] = []
    var storeShare = 0.0
    for size in [0, users / 10, users] {
      try await seed.addUsers(upTo: size)
      if size > 0 { try await seed.addGroup(of: size / 2) }
      if size == users { try await seed.addGroup(of: 10) }
      storeShare = Double(try self.size(of: store)) / Double(passes.reduce(seed.size) { $0 + $1.created })
      // What a disk does changes by the minute, so it is asked anew beside each pass.
      let sqlite = try SQLiteLimits(folder: folder, size: Self.documentSize)
      print("SQLite: \(Int(sqlite.commits)) durable commits/s, \(Int(sqlite.lookups)) look-ups/s")
      let pass = try await ServerPass(measuring: seed, users: size, beside: sqlite, program: program, store: store)
      pass.lines.forEach { print($0) }
      passes.append(pass)
    }
    return Self.findings(passes, bare: bare, nginx: nginx, storeShare: storeShare)
  }

  private func bareServer() throws -> ServerProcess {
    try ServerProcess(
      URL(fileURLWithPath: CommandLine.arguments[0]), ["bare", String(Self.documentSize)],
      log: folder.appending(path: "bare.log"))
  }

  /// What a server that answers everything with one document can do.
  private func load(of server: ServerProcess) async throws -> Load {
    defer { server.stop() }
    let generator = LoadGenerator(server: server, connections: 16)
    _ = try await generator.run(2_000) { _ in ServerRequest.get("/Users/4711") }
    return try await generator.run(20_000) { _ in ServerRequest.get("/Users/4711") }
  }

  /// The first start hashes a password and makes the account; the passes shall not.
  private func createFirstAdministrator(_ store: URL) async throws {
    try ServerProcess.rollcall(program, store: store).stop()
  }

  /// Of the file with what is not yet moved into it.
  private func size(of store: URL) throws -> Int {
    try ["", "-wal"].map { store.path + $0 }.filter(FileManager.default.fileExists(atPath:)).reduce(0) { sum, path in
      sum + (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0)
    }
  }
}
