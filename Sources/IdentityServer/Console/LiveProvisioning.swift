import Foundation
import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import NIOCore
import ServiceLifecycle

/// The numbers of the provisioning page as they change, for browsers that run scripts: server-sent events, each with all
/// that the page shows of every connector.
struct LiveProvisioning: Sendable {
  static let path = "\(ProvisioningPage.path)/live"

  /// How often is looked whether anything has changed.
  private static let interval = Duration.seconds(1)
  /// An answer is cut off after a minute, and a session may end: a browser comes again for the next part.
  private static let length = 40

  private let provisioning: OutboundProvisioning

  /// - Throws: ``Refusal`` 403, or 404 for a server that provisions nothing.
  init(_ visit: ConsoleVisit) throws(Refusal) {
    try visit.demandAdministrator()
    guard let provisioning = visit.surroundings.provisioning else { throw .notFound }
    self.provisioning = provisioning
  }

  func response() -> Response {
    var headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
    headers[.xContentTypeOptions] = "nosniff"
    return Response(
      status: .ok, headers: headers,
      body: ResponseBody { writer in
        try await writer.write(ByteBuffer(string: "retry: 1000\n\n"))
        var last: JSONObject?
        for _ in 0..<Self.length where !Task.isShuttingDownGracefully {
          let now = try await state()
          if now != last {
            try await writer.write(ByteBuffer(string: "data: \(JSONValue.object(now).text)\n\n"))
            last = now
          }
          try await Task.sleep(for: Self.interval)
        }
        try await writer.finish(nil)
      })
  }

  /// The texts of the page by the names that it has for them: `is2/scim waiting`.
  private func state() async throws -> JSONObject {
    let inUse = Set(provisioning.configured.connectors)
    let pairs = try await provisioning.statuses().flatMap { status in
      ConnectorContent.texts(status, isInUse: inUse.contains(status.state.name)).map { part, text in
        ("\(status.state.name) \(part)", JSONValue.string(text))
      }
    }
    return JSONObject(pairs.sorted { $0.0 < $1.0 })
  }
}
