import HTTPTypes
import HummingbirdCore
import JSON
import NIOCore
import ServiceLifecycle

/// Texts of a page as they change: server-sent events, each with all of them by the names that the page has for them, such as
/// `is2/scim waiting`.
enum LiveTexts {
  /// How often is looked whether anything has changed.
  private static let interval = Duration.seconds(1)
  /// An answer is cut off after a minute, and a session may end: a browser comes again for the next part.
  private static let length = 40

  static func response(_ texts: @escaping @Sendable () async throws -> [(name: String, text: String)]) -> Response {
    var headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
    headers[.xContentTypeOptions] = "nosniff"
    return Response(
      status: .ok, headers: headers,
      body: ResponseBody { writer in
        try await writer.write(ByteBuffer(string: "retry: 1000\n\n"))
        var last: JSONObject?
        for _ in 0..<length where !Task.isShuttingDownGracefully {
          let now = JSONObject(try await texts().sorted { $0.name < $1.name }.map { ($0.name, .string($0.text)) })
          if now != last {
            try await writer.write(ByteBuffer(string: "data: \(JSONValue.object(now).text)\n\n"))
            last = now
          }
          try await Task.sleep(for: interval)
        }
        try await writer.finish(nil)
      })
  }
}
