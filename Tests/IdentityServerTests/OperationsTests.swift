import Foundation
import JSON
import LocalDirectory
import NIOHTTP1
import Prometheus
import Testing

@testable import IdentityServer

/// `/metrics` of a running server, and the names of requests.
struct OperationsTests {
  @Test func requestsAreCountedByWordsOfOurs() async throws {
    var setup = ServerSetup()
    setup.configuration.version = "1.2.3"
    try await withServer(setup) { server in
      _ = try await server.send(.POST, "/Users", ["userName": "ann"])
      _ = try await server.send(.GET, "/Users/4711-secret-id")
      _ = try await server.send(.GET, "/Secret-Nothing")
      _ = try await server.send(.GET, "/Users", as: "admin:wrong")
      let metrics = try await server.metrics()
      #expect(metrics.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
      let lines = metrics.lines
      #expect(lines.contains(#"rollcall_http_requests_total{method="POST",route="scim2/Users",status="201"} 1"#))
      #expect(lines.contains(#"rollcall_http_requests_total{method="GET",route="scim2/Users",status="404"} 1"#))
      #expect(lines.contains(#"rollcall_http_requests_total{method="GET",route="scim2",status="404"} 1"#))
      #expect(lines.contains(#"rollcall_http_request_duration_seconds_count{route="scim2/Users"} 3"#))
      #expect(lines.contains(#"rollcall_logins_refused_total{reason="credential"} 1"#))
      #expect(lines.contains(#"rollcall_directory_resources{type="User"} 2"#))
      #expect(lines.contains(#"rollcall_build_info{version="1.2.3"} 1"#))
      #expect(lines.contains("rollcall_http_requests_in_flight 1"))
      #expect(!metrics.text.lowercased().contains("secret"))
    }
  }

  @Test func onlyFailuresOfTheStoreAreCounted() async throws {
    let (metrics, isBroken) = (ServerMetrics(), Switch())
    let hasFailed = { (kind: String) in
      !metrics.registry.text.contains(#"rollcall_store_transactions_failed_total{kind="\#(kind)"} 0"#)
    }
    var setup = ServerSetup()
    setup.wrap = { MeteredDirectoryStore(BreakableStore(store: $0, isBroken: isBroken), metrics) }
    try await withServer(setup) { server in
      #expect(try await server.send(.GET, "/Users/nobody").status == 404)
      #expect(try await server.send(.POST, "/Users", ["userName": "admin"]).status == 409)
      #expect(!hasFailed("read") && !hasFailed("write"))

      let headers = ["Authorization": "Bearer \(ServerFixture.token)"]
      isBroken.turnOn()
      _ = try await server.send(.GET, "/Users/nobody", as: nil, headers: headers)
      _ = try await server.send(.POST, "/Users", ["userName": "ann"], as: nil, headers: headers)
      #expect(hasFailed("read") && hasFailed("write"))
    }
  }

  @Test func whatAProxyHandsOnNeedsAnAdministrator() async throws {
    try await withServer { server in
      _ = try await server.send(.POST, "/Users", ["userName": "ann", "password": "secret-of-ann"])
      let forwarded = ["X-Forwarded-For": "192.0.2.1"]
      #expect(try await server.metrics(forwarded).status == 401)
      let user = "Basic " + Data("ann:secret-of-ann".utf8).base64EncodedString()
      #expect(try await server.metrics(forwarded.merging(["Authorization": user]) { $1 }).status == 403)
      let token = "Bearer \(ServerFixture.token)"
      #expect(try await server.metrics(forwarded.merging(["Authorization": token]) { $1 }).status == 200)
    }
    var setup = ServerSetup()
    setup.configuration.publicURL = "https://id.example.com"
    try await withServer(setup) { server in
      let answer = try await server.metrics()
      #expect(answer.status == 401)
    }
  }

  @Test func onlyGetReadsMetrics() async throws {
    try await withServer { server in
      let answer = try await server.send(.POST, url: server.origin + "/metrics")
      #expect(answer.status == 405)
    }
  }

  @Test(arguments: ["a", "Root=1-67891233-abcdef012345678912345678", String(repeating: "x", count: 128)])
  func theClientMayNameItsRequest(_ name: String) async throws {
    try await withServer { server in
      let answer = try await server.send(.GET, "/Users", headers: ["X-Request-Id": name])
      #expect(answer.header("X-Request-Id") == name)
    }
  }

  @Test(arguments: ["", "a b", "a\"b", "{}", String(repeating: "x", count: 129), "é"])
  func aNameThatIsNoneIsReplaced(_ name: String) async throws {
    #expect(!RequestID.isWellFormed(name))
    try await withServer { server in
      let answer = try await server.send(.GET, "/Users", headers: ["X-Request-Id": name])
      let given = try #require(answer.header("X-Request-Id"))
      #expect(RequestID.isWellFormed(given))
      #expect(given != name)
    }
  }

  @Test func anErrorOfOursNamesTheRequest() async throws {
    let switches = Switch()
    var setup = ServerSetup()
    setup.wrap = { BreakableStore(store: $0, isBroken: switches) }
    try await withServer(setup) { server in
      switches.turnOn()
      let answer = try await server.send(
        .GET, "/Users", as: nil,
        headers: ["Authorization": "Bearer \(ServerFixture.token)", "X-Request-Id": "my-request"])
      #expect(answer.status == 500)
      #expect(answer.json["detail"]?.string?.contains("my-request") == true)
      #expect(try await server.send(.GET, url: server.origin + "/health/ready").status == 503)
      #expect(try await server.send(.GET, url: server.origin + "/health/live").status == 200)
    }
  }
}

extension ServerFixture {
  fileprivate func metrics(_ headers: [String: String] = [:]) async throws -> Answer {
    try await send(.GET, url: origin + "/metrics", headers: headers)
  }
}

extension Answer {
  fileprivate var lines: [Substring] { text.split(separator: "\n") }
}
