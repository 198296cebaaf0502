import CoreMetrics
import Foundation
import JSON
import NIOHTTP1
import Prometheus
import Testing

@testable import IdentityServer

/// What clients are cut off for: too much, too slow, or too many.
@Suite struct LimitsTests {
  private let authorization = "Authorization: Bearer \(ServerFixture.token)\r\n"

  @Test func aHeaderBeyondTheLimitIsRefused() async throws {
    var setup = ServerSetup()
    setup.configuration.limits.maxHeaderSize = 4096
    try await withServer(setup) { server in
      let connection = try await RawConnection.open(to: server)
      let answer = try await connection.exchange(
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Long: \(String(repeating: "a", count: 5000))\r\n\r\n")
      #expect(answer.hasPrefix("HTTP/1.1 431 "))
      #expect(answer.lowercased().contains("connection: close"))
    }
  }

  @Test func tooManyHeaderFieldsAreRefused() async throws {
    try await withServer { server in
      let fields = (0...100).map { "X-\($0): a\r\n" }.joined()
      let connection = try await RawConnection.open(to: server)
      let answer = try await connection.exchange("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n")
      #expect(answer.hasPrefix("HTTP/1.1 431 "))
    }
  }

  @Test func aTargetBeyondTheLimitIsRefused() async throws {
    try await withServer { server in
      let filter = String(repeating: "a", count: 8192)
      let answer = try await server.send(.GET, "/Users?filter=\(filter)")
      #expect(answer.status == 414)
      #expect(answer.json["status"] == "414")
      #expect(try await server.send(.GET, "/Users?count=1").status == 200)
    }
  }

  @Test func aBodyBeyondTheLimitIsRefused() async throws {
    var setup = ServerSetup()
    setup.configuration.maxBodySize = 1000
    try await withServer(setup) { server in
      let long = String(repeating: "a", count: 1000)
      #expect(try await server.send(.POST, "/Users", ["userName": "ann", "title": .string(long)]).status == 413)
      // Of a body in chunks nobody knows the length before it is read.
      let connection = try await RawConnection.open(to: server)
      let answer = try await connection.exchange(
        "POST /scim2/Users HTTP/1.1\r\nHost: localhost\r\n\(authorization)Connection: close\r\n",
        "Transfer-Encoding: chunked\r\n\r\n7d0\r\n\(String(repeating: " ", count: 2000))\r\n0\r\n\r\n")
      #expect(answer.hasPrefix("HTTP/1.1 413 "))
    }
  }

  @Test(arguments: [
    ("", "400"), ("Host: localhost\r\nHost: localhost\r\n", "400"), ("Host: a\r\nhost: b\r\n", "400"),
    ("Host: localhost\r\nConnection: close\r\n", "200"), ("Host: localhost\r\nConnection: TE, Close\r\n", "200"),
    ("Host:\r\nConnection: close\r\n", "200"),
  ])
  func aRequestNamesOneHost(_ fields: String, _ status: String) async throws {
    try await withServer { server in
      // What follows a request that is none is not answered.
      let answer = try await RawConnection.open(to: server).exchange(
        "GET /health/live HTTP/1.1\r\n\(fields)\r\n", "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
      #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
      #expect(answer.components(separatedBy: "HTTP/1.1 ").count == 2)
    }
  }

  @Test(arguments: ["", "Host: localhost\r\n", "Connection: keep-alive\r\n"])
  func aConnectionOfHTTP10EndsWithItsAnswer(_ fields: String) async throws {
    try await withServer { server in
      let answer = try await RawConnection.open(to: server).exchange("GET /health/live HTTP/1.0\r\n\(fields)\r\n")
      #expect(answer.hasPrefix("HTTP/1.1 200 "))
      let two = try await RawConnection.open(to: server).exchange(
        "GET /health/live HTTP/1.0\r\nHost: a\r\nHost: b\r\n\(fields)\r\n")
      #expect(two.hasPrefix("HTTP/1.1 400 "))
    }
  }

  @Test func onlyAPublicAddressOfItsOwnIsReachedByTLSForEver() async throws {
    for (address, isTold) in [
      (nil, false), ("https://id.example", true), ("https://id.example:9443", false), ("http://id.example", false),
      ("https://localhost", false),
    ] as [(String?, Bool)] {
      var setup = ServerSetup()
      setup.configuration.publicURL = address
      try await withServer(setup) { server in
        let page = try await server.send(.GET, url: server.origin + "/login", headers: [:])
        #expect((page.header("Strict-Transport-Security") == "max-age=31536000") == isTold, "\(address ?? "none")")
        let health = try await server.send(.GET, url: server.origin + "/health/live", headers: [:])
        #expect(health.header("Strict-Transport-Security") == nil)
      }
    }
  }

  @Test func aHeaderThatDribblesInIsCutOff() async throws {
    var setup = ServerSetup()
    setup.configuration.limits.idleTimeout = .milliseconds(50)
    try await withServer(setup) { server in
      let connection = try await RawConnection.open(to: server)
      #expect(try await connection.exchange("GET /health/live HTTP/1.1\r\n", "Host: loc") == "")
    }
  }

  @Test func aBodyThatDribblesInIsCutOff() async throws {
    var setup = ServerSetup()
    setup.configuration.limits.bodyTimeout = .milliseconds(50)
    try await withServer(setup) { server in
      let connection = try await RawConnection.open(to: server)
      let answer = try await connection.exchange(
        "POST /scim2/Users HTTP/1.1\r\nHost: localhost\r\n\(authorization)Content-Length: 100\r\n\r\n", "{")
      #expect(answer.hasPrefix("HTTP/1.1 408 "))
      #expect(answer.contains("did not arrive in time"))
    }
  }

  @Test func aClientThatDoesNotReadIsCutOff() async throws {
    var setup = ServerSetup()
    setup.configuration.limits.answerTimeout = .milliseconds(200)
    try await withServer(setup) { server in
      let title = String(repeating: "a", count: 500_000)
      for index in 0..<16 {
        #expect(
          try await server.send(.POST, "/Users", ["userName": .string("user\(index)"), "title": .string(title)]).status
            == 201)
      }
      let connection = try await RawConnection.open(to: server, receiveBuffer: 4096)
      while try await server.connections() < 2 { await Task.yield() }
      // The server alone knows that it has closed: nobody reads the eight megabytes, nor what comes after them.
      try await connection.send("GET /scim2/Users HTTP/1.1\r\nHost: localhost\r\n\(authorization)\r\n") {
        while try await server.connections() > 1 { await Task.yield() }
      }
    }
  }

  @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
    try await withServer { server in
      let requests = ["a", "b", "c"].map { name in
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: \(name)\r\n\r\n"
      }
      let last = "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Request-Id: d\r\n\r\n"
      let answer = try await RawConnection.open(to: server).exchange(requests.joined() + last)
      let names = answer.lowercased().split(separator: "\r\n").filter { $0.hasPrefix("x-request-id: ") }
      #expect(names.map { $0.suffix(1) } == ["a", "b", "c", "d"])
      #expect(answer.components("HTTP/1.1 200 ") == 3)
      #expect(answer.components("HTTP/1.1 404 ") == 1)
    }
  }

  @Test func connectionsBeyondTheLimitWait() async throws {
    var setup = ServerSetup()
    setup.configuration.limits.maxConnections = 1
    try await withServer(setup) { server in
      let silent = try await RawConnection.open(to: server)
      let waiting = try await RawConnection.open(to: server)
      async let answer = waiting.exchange("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
      // The first connection ends with its half of a request, which makes room for the second.
      try await silent.send("GET /health/live HTTP/1.1\r\n") {}
      #expect(try await answer.hasPrefix("HTTP/1.1 200 "))
    }
  }

  @Test func theLastConnectionIsSaid() async throws {
    let (logger, log) = LogRecorder.logger()
    var lines = log.makeAsyncIterator()
    let gauge = Meter(label: "open", factory: PrometheusRegistry())
    var count = ConnectionCount(maximum: 2, gauge: gauge, logger: logger)
    count.connectionOpened()
    #expect(count.isAcceptingNewConnections())
    count.connectionOpened()
    #expect(!count.isAcceptingNewConnections())
    #expect(await lines.next() == "warning as many connections as allowed: others wait open=2")
    count.connectionClosed()
    #expect(count.isAcceptingNewConnections())
  }
}

extension ServerFixture {
  /// With the one that asks.
  fileprivate func connections() async throws -> Int {
    let answer = try await send(.GET, url: origin + "/metrics")
    let line = String(decoding: answer.bytes, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix("rollcall_http_connections ") }
    return try #require(line?.split(separator: " ").last.flatMap { Int($0) })
  }
}

extension String {
  /// How often the text stands in this one.
  fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}
