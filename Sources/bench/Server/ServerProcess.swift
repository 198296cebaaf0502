import Foundation

/// A server in a process of its own, on a free port of the loopback.
struct ServerProcess {
  let port: Int
  private let process: Process
  /// The signal that ends it.
  private var ending = SIGTERM

  /// - Parameter arguments: make the program print a line that ends with the port when it accepts requests.
  init(_ program: URL, _ arguments: [String], environment: [String: String] = [:], log: URL) throws {
    try Data().write(to: log)
    let process = Process()
    let pipe = Pipe()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = pipe
    process.standardError = try FileHandle(forWritingTo: log)
    try process.run()
    let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
    let port = line.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: ":").last.flatMap { Int($0) }
    guard let port else {
      process.terminate()
      throw BenchFailure("\(program.lastPathComponent) \(arguments.first ?? "") did not start; see \(log.path)")
    }
    self.process = process
    self.port = port
  }

  /// The identity server of the built program over a store, with a token that may do everything.
  static func rollcall(_ program: URL, store: URL, tls: Bool = false) throws -> ServerProcess {
    try ServerProcess(
      program,
      ["serve", "--port", "0", "--store", store.path, "--token-env", "BENCH_TOKEN"] + (tls ? [] : ["--no-tls"]),
      environment: ["BENCH_TOKEN": token], log: store.deletingPathExtension().appendingPathExtension("log"))
  }

  /// nginx with one process and a document of this size for every path; nil where it is not installed.
  static func nginx(size: Int, folder: URL) throws -> ServerProcess? {
    let program = URL(fileURLWithPath: "/usr/sbin/nginx")
    guard FileManager.default.isExecutableFile(atPath: program.path) else { return nil }
    let port = try LoadSocket.freePort()
    try Data(repeating: UInt8(ascii: "a"), count: size).write(to: folder.appending(path: "document"))
    let configuration = """
      daemon off; master_process off; pid nginx.pid; error_log nginx.log;
      events {}
      http {
        access_log off; keepalive_requests 1000000000;
        client_body_temp_path temporary; proxy_temp_path temporary; fastcgi_temp_path temporary; uwsgi_temp_path temporary;
        scgi_temp_path temporary;
        server { listen 127.0.0.1:\(port); root .; location / { try_files /document =404; } }
      }
      """
    try Data(configuration.utf8).write(to: folder.appending(path: "nginx.conf"))
    let process = Process()
    process.executableURL = program
    process.arguments = ["-p", folder.path, "-c", "nginx.conf"]
    process.standardError = FileHandle.nullDevice
    try process.run()
    // It does not say when it listens.
    while process.isRunning, (try? LoadSocket(port: port)) == nil { usleep(10_000) }
    guard process.isRunning else { throw BenchFailure("nginx did not start") }
    // With one process it ends at no other.
    return ServerProcess(port: port, process: process, ending: SIGKILL)
  }

  private init(port: Int, process: Process, ending: Int32) {
    self.port = port
    self.process = process
    self.ending = ending
  }

  static let token = "token-of-the-bench"

  /// User and system time in seconds.
  var processorTime: Double {
    let fields = contents("stat").split(separator: ")").last?.split(separator: " ") ?? []
    let ticks = fields.count > 12 ? (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0) : 0
    return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// In bytes.
  var residentMemory: Int { process.residentMemory }

  func stop() {
    kill(process.processIdentifier, ending)
    process.waitUntilExit()
  }

  private func contents(_ name: String) -> String {
    let path = "/proc/\(process.processIdentifier)/\(name)"
    return String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}
