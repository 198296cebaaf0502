import NIOHTTP1
import Testing

/// HEAD, at whatever path (RFC 9110 section 9.3.2).
struct HeadResponderTests {
  /// A body after an answer to HEAD would be taken for the next answer.
  @Test func headIsAnsweredAsGetWithoutTheBody() async throws {
    try await withServer { server in
      let heads = ["/health/live", "/scim2/Users", "/scim2/nothing", "/login", "/nothing"].map { path in
        "HEAD \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n"
      }
      let last = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
      let answer = try await RawConnection.open(to: server).exchange(heads.joined() + last)
      let lines = answer.split(separator: "\r\n")
      #expect(
        lines.filter { $0.hasPrefix("HTTP/1.1 ") }.map { $0.dropFirst(9).prefix(3) }
          == ["200", "401", "404", "200", "404", "200"])
      #expect(lines.filter { $0.contains("{") } == [#"{"status":"ok"}"#])

      let (head, whole) = (try await server.send(.HEAD, "/Users"), try await server.send(.GET, "/Users"))
      #expect(head.status == 200)
      #expect(head.header("Content-Length") == whole.header("Content-Length"))
    }
  }

  /// What was asked for is told as it was asked, and nothing was sent beside the header.
  @Test func headIsCountedAsHead() async throws {
    try await withServer { server in
      _ = try await server.send(.HEAD, url: server.origin + "/health/live")
      let lines = try await server.send(.GET, url: server.origin + "/metrics").text.split(separator: "\n")
      #expect(lines.contains(#"rollcall_http_requests_total{method="HEAD",route="health",status="200"} 1"#))
      #expect(!lines.contains { $0.contains(#"method="GET",route="health""#) })
      #expect(lines.contains("rollcall_http_response_bytes_total 0"))
    }
  }

  /// RFC 9110 section 10.2.1.
  @Test(arguments: ["/health/live", "/favicon.ico", "/scim2/ServiceProviderConfig"])
  func headIsAmongTheMethodsThatAreTold(path: String) async throws {
    try await withServer { server in
      let answer = try await server.send(.DELETE, url: server.origin + path)
      #expect(answer.status == 405)
      #expect(answer.header("Allow") == "GET, HEAD")
    }
  }
}
