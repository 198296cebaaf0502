import Foundation
import JSON

/// Every operation of the server with one number of users stored.
struct ServerPass {
  let users: Int
  let sqlite: SQLiteLimits
  private(set) var loads: [(name: String, load: Load)] = []
  /// Of the server in the end, in bytes.
  private(set) var memory = 0
  /// Of the users that were created, as JSON in bytes.
  private(set) var created = 0

  /// - Parameter seed: what the store holds.
  init(
    measuring seed: DirectorySeed, users: Int, beside sqlite: SQLiteLimits, program: URL, store: URL
  ) async throws {
    self.users = users
    self.sqlite = sqlite
    let server = try ServerProcess.rollcall(program, store: store)
    defer { server.stop() }
    try await create(on: server)
    guard users > 0 else { return }
    try await read(seed, on: server)
    try await patchUsers(seed, on: server)
    if seed.groups.count > 2 { try await patchGroups(seed, on: server) }
    memory = server.residentMemory
  }

  subscript(name: String) -> Load? { loads.first { $0.name == name }?.load }

  var lines: [String] {
    loads.map { "\(users) users, \($0.name): \($0.load.line)" }
      + (memory == 0 ? [] : ["\(users) users: \(memory >> 20) MB of memory"])
  }

  private mutating func create(on server: ServerProcess) async throws {
    for (connections, count) in [(1, 300), (16, 3000)] {
      let run = "\(users)-\(connections)"
      var size = 0
      try await measure("create, \(connections) connections", on: server, connections, count, expecting: 201) {
        number in
        var user = DirectorySeed.user(number)
        user["userName"] = .string("new-\(run)-\(number)@corp.example")
        user["externalId"] = .string("new-\(run)-\(number)")
        size += user.serialized().count
        return ServerRequest.post("/Users", .object(user))
      }
      created += size
    }
  }

  private mutating func read(_ seed: DirectorySeed, on server: ServerProcess) async throws {
    let picked = { number in number * 7919 % seed.users.count }
    try await measure("get", on: server, 16, 20_000) { ServerRequest.get("/Users/\(seed.users[picked($0)])") }
    try await measure("filter userName", on: server, 16, 10_000) { number in
      ServerRequest.get("/Users?filter=userName%20eq%20%22\(DirectorySeed.userName(picked(number)))%22")
    }
    try await measure("filter externalId", on: server, 16, 10_000) { number in
      ServerRequest.get("/Users?filter=externalId%20eq%20%22\(DirectorySeed.externalID(picked(number)))%22")
    }
    try await measure("list 100", on: server, 16, 1000) { _ in ServerRequest.get("/Users?startIndex=1&count=100") }
    let last = seed.users.count - 99
    try await measure("list the last 100", on: server, 16, 1000) { _ in
      ServerRequest.get("/Users?startIndex=\(last)&count=100")
    }
    try await measure("list 1000", on: server, 4, 100) { _ in ServerRequest.get("/Users?startIndex=1&count=1000") }
  }

  private mutating func patchUsers(_ seed: DirectorySeed, on server: ServerProcess) async throws {
    for (connections, count) in [(1, 300), (16, 3000)] {
      try await measure("patch, \(connections) connections", on: server, connections, count) { number in
        ServerRequest.patch(
          "/Users/\(seed.users[number * 7919 % seed.users.count])", "replace", "title", .string("Title \(connections)"))
      }
    }
  }

  /// Adds a member that is not there and takes it away again, in a small and in the largest group.
  private mutating func patchGroups(_ seed: DirectorySeed, on server: ServerProcess) async throws {
    guard let small = seed.groups.keys.min(), let large = seed.groups.keys.max(), let user = seed.users.last else {
      return
    }
    for members in [small, large] {
      let path = "/Groups/\(seed.groups[members] ?? "")?excludedAttributes=members"
      try await measure(Self.memberPatch(members), on: server, 16, 2000) { number in
        number.isMultiple(of: 2)
          ? ServerRequest.patch(path, "add", "members", [["value": .string(user)]])
          : ServerRequest.patch(path, "remove", #"members[value eq "\#(user)"]"#, nil)
      }
    }
  }

  static func memberPatch(_ members: Int) -> String { "patch a member of \(members)" }

  private mutating func measure(
    _ name: String, on server: ServerProcess, _ connections: Int, _ count: Int, expecting status: Int = 200,
    _ request: (Int) -> [UInt8]
  ) async throws {
    let generator = LoadGenerator(server: server, connections: connections)
    loads.append((name, try await generator.run(count, expecting: status, request)))
  }
}
