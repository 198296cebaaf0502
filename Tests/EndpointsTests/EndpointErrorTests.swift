import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL
import SCIM
import Testing

@testable import Endpoints

@Suite struct EndpointErrorTests {
  private static func error(_ status: Int, _ body: String = "", _ headers: HTTPHeaders = [:]) -> EndpointError {
    EndpointError(status: status, headers: headers, body: body.utf8)
  }

  @Test(arguments: [
    (302, EndpointError.Kind.malformed), (400, .rejected), (401, .unauthorized), (403, .forbidden), (404, .notFound),
    (405, .rejected), (408, .timedOut), (409, .conflict), (412, .stale), (413, .tooLarge), (415, .rejected),
    (425, .unavailable(retryAfter: nil)), (429, .rateLimited(retryAfter: nil)), (500, .unavailable(retryAfter: nil)),
    (501, .rejected), (502, .unavailable(retryAfter: nil)), (503, .unavailable(retryAfter: nil)),
    (504, .unavailable(retryAfter: nil)), (100, .malformed), (600, .malformed),
  ]) func statuses(_ status: Int, _ kind: EndpointError.Kind) {
    #expect(Self.error(status).kind == kind)
    #expect(Self.error(status).status == status)
  }

  @Test(arguments: [
    (400, #"{"__type":"ThrottlingException","message":"Rate exceeded"}"#),
    (500, #"{"detail":"REQUEST_LIMIT_EXCEEDED: Workspace 1 exceeded the concurrent limit of 4 requests."}"#),
    (403, #"{"error":{"errors":[{"reason":"userRateLimitExceeded"}],"message":"User Rate Limit Exceeded"}}"#),
  ]) func throttlingIsKnownByItsWords(_ status: Int, _ body: String) {
    #expect(Self.error(status, body).kind == .rateLimited(retryAfter: nil))
  }

  @Test func aClashOfNamesMayComeAs400() {
    #expect(Self.error(400, #"{"scimType":"uniqueness","detail":"userName is taken"}"#).kind == .conflict)
    #expect(Self.error(400, #"{"scimType":"invalidValue","detail":"no"}"#).kind == .rejected)
  }

  @Test func aPageOfHTMLIsNotTheEndpointSpeaking() {
    let html: HTTPHeaders = ["Content-Type": "text/html; charset=utf-8"]
    let page = "<html><head><style>p {color: red}</style></head><body><h1>Not\n Found</h1></body></html>"
    let missing = Self.error(404, page, html)
    #expect(missing.kind == .malformed)
    #expect(missing.message == "404: Not Found")
    #expect(Self.error(502, page, html).kind == .unavailable(retryAfter: nil))
  }

  @Test(arguments: [
    (#"{"detail":"a"}"#, "409: a"), (#"{"Errors":[{"description":"b","code":"409"}]}"#, "409: b"),
    (#"{"error":"x","error_description":"c"}"#, "409: c"), (#"{"error":{"message":"d"}}"#, "409: d"),
    ("", "409: (no text)"), ("line\r\n\r\n  two\u{7}", "409: line two"),
  ]) func sentences(_ body: String, _ message: String) {
    #expect(Self.error(409, body).message == message)
  }

  @Test func longTextsAreCut() {
    #expect(Self.error(400, String(repeating: "long ", count: 1000)).message.count < 220)
  }

  @Test(
    arguments: [
      ("7", Duration.seconds(7)), ("0", .zero), ("-5", .zero), ("1000000000", .seconds(900)),
      ("Sun, 06 Nov 1994 08:50:07 GMT", .seconds(30)), ("Sun, 06 Nov 1994 08:49:07 GMT", .zero), ("soon", nil),
      ("Sun, 06 Nov 1994 08:50:07", nil), ("nan", nil),
    ] as [(String, Duration?)]) func retryAfter(_ value: String, _ wait: Duration?)
  {
    let headers: HTTPHeaders = ["Retry-After": value, "Date": "Sun, 06 Nov 1994 08:49:37 GMT"]
    #expect(Self.error(429, "", headers).kind == .rateLimited(retryAfter: wait))
    #expect(Self.error(503, "", headers).kind == .unavailable(retryAfter: wait))
  }

  @Test func aRedirectNamesItsTargetWithoutItsQuery() {
    let error = Self.error(307, "", ["Location": "https://other.example/scim2/Users?token=abc"])
    #expect(error.kind == .malformed)
    #expect(error.message.contains("https://other.example/scim2/Users"))
    #expect(!error.message.contains("abc"))
  }

  @Test(arguments: [
    (SCIMError(status: 409, .uniqueness, "x"), EndpointError.Kind.conflict),
    (SCIMError(status: 400, .uniqueness, "x"), .conflict), (SCIMError(status: 404, nil, "x"), .notFound),
    (SCIMError(status: 412, nil, "x"), .stale), (SCIMError(status: 400, .invalidPath, "x"), .rejected),
    (SCIMError(status: 403, nil, "x"), .forbidden), (SCIMError(status: 413, nil, "x"), .tooLarge),
    (SCIMError(status: 500, nil, "x"), .unavailable(retryAfter: nil)),
  ]) func protocolErrors(_ error: SCIMError, _ kind: EndpointError.Kind) {
    #expect(EndpointError(error) == EndpointError(kind, status: error.status, "x"))
  }

  @Test(
    arguments: [
      (HTTPClientError.connectTimeout, EndpointError.Kind.unreachable), (HTTPClientError.readTimeout, .timedOut),
      (HTTPClientError.deadlineExceeded, .timedOut), (HTTPClientError.remoteConnectionClosed, .interrupted),
      (HTTPClientError.cancelled, .cancelled), (HTTPClientError.invalidURL, .misconfigured),
      (CancellationError(), .cancelled), (IOError(errnoCode: 111, reason: "connect"), .unreachable),
      (IOError(errnoCode: 104, reason: "read"), .interrupted), (ChannelError.ioOnClosedChannel, .interrupted),
      (NIOSSLError.uncleanShutdown, .interrupted), (NIOSSLExtraError.failedToValidateHostname, .misconfigured),
      (HTTPParserError.invalidEOFState, .interrupted), (HTTPParserError.invalidVersion, .malformed),
    ] as [(any Error, EndpointError.Kind)]) func transport(_ error: any Error, _ kind: EndpointError.Kind)
  {
    #expect(EndpointError(transport: error).kind == kind)
  }

  @Test func secretsAreTakenOut() {
    let error = EndpointError(.rejected, "Basic abcdef and abc are refused").redacting(["abc", "abcdef", ""])
    #expect(error.message == "Basic ••• and ••• are refused")
  }
}
