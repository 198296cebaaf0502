import AsyncHTTPClient
import IdentityServer
import JSON
import NIOCore
import NIOHTTP1
import Testing

struct ShutdownTests {
  @Test func aRequestInFlightIsAnswered() async throws {
    let (arrivals, arrival) = AsyncStream<Void>.makeStream()
    let (permits, permit) = AsyncStream<Void>.makeStream()
    // The first hash is the administrator's own, made before the server runs.
    permit.yield()
    var setup = ServerSetup()
    setup.hasher = CountingHasher {
      arrival.yield()
      for await _ in permits { return }
    }
    try await withServer(setup) { server in
      async let answer = server.send(
        .POST, "/Users", ["userName": "ann", "password": "secret"], as: nil,
        headers: ["Authorization": "Bearer \(ServerFixture.token)"])
      var seen = 0
      for await _ in arrivals {
        seen += 1
        if seen == 2 { break }
      }
      await server.stop()
      permit.yield()
      let status = try await answer.status
      #expect(status == 201)
    }
  }

  @Test func aTakenPortIsSaidInOneSentence() async throws {
    try await withServer { server in
      var setup = ServerSetup()
      setup.configuration.port = try #require(server.origin.split(separator: ":").last.flatMap { Int($0) })
      let error = await #expect(throws: ServerError.self) { try await withServer(setup) { _ in } }
      #expect(error?.kind == .cannotListen)
    }
  }

  @Test func aConnectionThatFallsSilentIsClosed() async throws {
    var setup = ServerSetup()
    setup.configuration.limits.idleTimeout = .milliseconds(50)
    try await withServer(setup) { server in
      let (body, part) = AsyncStream<ByteBuffer>.makeStream()
      part.yield(ByteBuffer(string: "{"))
      var request = HTTPClientRequest(url: server.base + "/Users")
      request.method = .POST
      request.headers.add(name: "Authorization", value: "Bearer \(ServerFixture.token)")
      request.body = .stream(body, length: .unknown)
      let status = try? await server.client.execute(request, timeout: .seconds(60)).status
      // Either the connection ends, or the answer says that the body did not arrive.
      #expect(status == nil || status == .badRequest)
      part.finish()
    }
  }
}
