import Foundation
import Synchronization

@testable import Stores

/// A PostgreSQL of this test run: made in a temporary folder when the first test needs it, on a socket there. It ends
/// and its folder goes when this process does, however it ends.
final class PostgreSQLServer: Sendable {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private static let only = Mutex<Result<PostgreSQLServer, any Error>?>(nil)

  let folder: String
  private let process: Process
  /// The server ends when the last writing end closes.
  private let lifeline: Pipe

  /// The server; every call gives the same.
  static func shared() throws -> PostgreSQLServer {
    try only.withLock { only in
      let outcome = only ?? Result { try PostgreSQLServer() }
      only = outcome
      return try outcome.get()
    }
  }

  private init() throws {
    let programs = try Self.programs()
    folder = "/tmp/rollcall-postgresql-\(UUID().uuidString.prefix(8))"
    process = Process()
    lifeline = Pipe()
    let ready = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", Self.script, "sh", programs, folder]
    process.standardInput = lifeline
    process.standardOutput = ready
    try process.run()
    // What it says at all, it says in one line.
    let answer = String(decoding: ready.fileHandleForReading.availableData, as: UTF8.self)
    guard answer == "ready\n" else { throw Failure(description: "PostgreSQL did not start: \(answer)") }
  }

  /// Makes a database and gives its address.
  func makeDatabase(encoding: String = "UTF8") throws -> PostgreSQLAddress {
    let name = "test_\(UUID().uuidString.lowercased().replacing("-", with: ""))"
    try perform("CREATE DATABASE \(name) TEMPLATE template0 ENCODING '\(encoding)'", in: try address("postgres"))
    return try address(name)
  }

  func drop(_ database: PostgreSQLAddress) {
    let name = database.description.split(separator: "/").last.map(String.init) ?? ""
    try? perform("DROP DATABASE \(name) WITH (FORCE)", in: try address("postgres"))
  }

  /// Runs statements as an administrator would.
  func perform(_ sql: String, in database: PostgreSQLAddress) throws { try connection(database).perform(sql) }

  /// The first column of what a query finds.
  func column(_ sql: String, in database: PostgreSQLAddress) throws -> [String] {
    try connection(database).rows(sql, []) { $0.text(0) }
  }

  /// A connection of its own, so that nothing that a test does to the others concerns it.
  private func connection(_ database: PostgreSQLAddress) throws -> PostgreSQLConnection {
    let connection = PostgreSQLConnection(database, .directory, patience: 30)
    try connection.connect()
    return connection
  }

  private func address(_ database: String) throws -> PostgreSQLAddress {
    let text = "postgresql://postgres@/\(database)?host=\(folder)"
    guard let address = PostgreSQLAddress(text) else { throw Failure(description: "no address: \(text)") }
    return address
  }

  private static func programs() throws -> String {
    let root = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    let newest = versions.filter { FileManager.default.isExecutableFile(atPath: "\(root)/\($0)/bin/initdb") }
      .max { $0.compare($1, options: .numeric) == .orderedAscending }
    guard let newest else {
      throw Failure(
        description: "The tests need PostgreSQL's server: install the package postgresql (apt-get install postgresql).")
    }
    return "\(root)/\(newest)/bin"
  }

  /// PostgreSQL refuses to run as root.
  private static let script = """
    programs=$1; folder=$2; as=
    mkdir -m 700 "$folder" || exit 1
    if [ "$(id -u)" = 0 ]; then
      chown postgres "$folder"
      as='setpriv --reuid=postgres --regid=postgres --clear-groups --'
    fi
    cd "$folder"
    end() { $as "$programs/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1; cd /; rm -rf "$folder"; }
    if $as "$programs/initdb" -D "$folder/data" -U postgres -A trust --no-sync -E UTF8 --locale=C >"$folder/log" 2>&1 &&
      $as "$programs/pg_ctl" -D "$folder/data" -w -l "$folder/server.log" start >"$folder/log" 2>&1 </dev/null \\
        -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off -c max_connections=500"
    then echo ready; else cat "$folder/log" "$folder/server.log"; end; exit 1; fi
    exec >/dev/null 2>&1
    trap '' INT TERM HUP
    cat >/dev/null
    end
    """
}
