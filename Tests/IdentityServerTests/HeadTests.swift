import Testing

/// RFC 9110 section 9.3.2: an answer to HEAD ends with its header.
struct HeadTests {
  @Test(arguments: ["/scim2/Users", "/nothing", "/login", "/health/live"])
  func theNextAnswerIsThatToTheNextRequest(path: String) async throws {
    try await withServer { server in
      let answers = try await RawConnection.open(to: server).exchange(
        "HEAD \(path) HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      let parts = answers.split(separator: "\r\n\r\n", omittingEmptySubsequences: false)
      #expect(parts.count == 3)
      #expect(parts.first?.contains("Content-Length: ") == true)
      #expect(parts.dropFirst().first?.hasPrefix("HTTP/1.1 200 OK\r\n") == true)
      #expect(parts.last == #"{"status":"ok"}"#)
    }
  }
}
