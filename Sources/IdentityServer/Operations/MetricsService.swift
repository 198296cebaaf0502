import CoreMetrics
import HTTPTypes
import HummingbirdCore
import LocalDirectory
import NIOCore
import Prometheus
import SCIM

/// `/metrics` in the text format of Prometheus, version 0.0.4.
///
/// Who asks from this machine needs no credential, as scrapers seldom have one; everyone else must be an administrator. Behind
/// a proxy every request comes from this machine, so what a proxy hands on is treated as coming from elsewhere.
struct MetricsService: WebService {
  private let directory: Directory
  private let metrics: ServerMetrics
  private let isBehindProxy: Bool

  init(directory: Directory, configuration: ServerConfiguration, metrics: ServerMetrics) {
    self.directory = directory
    self.metrics = metrics
    isBehindProxy = configuration.publicURL != nil
    Meter(
      label: "rollcall_build_info", dimensions: [("version", configuration.version)], factory: metrics.registry
    ).set(1)
  }

  func owns(_ path: String) -> Bool { path == "/metrics" }

  func respond(to exchange: Exchange) async throws -> Response {
    guard exchange.request.method == .get else { throw Refusal.methodNotAllowed([.get]) }
    if !isLocal(exchange) {
      guard try await exchange.authenticated().isAdministrator else { throw Refusal.forbidden }
    }
    // While the store is away the other figures are wanted all the more.
    try? await measureDirectory()
    ProcessStatistics.current.record(in: metrics.registry)
    return Response(
      status: .ok, headers: [.contentType: PrometheusRegistry.contentType, .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.registry.text)))
  }

  func response(to refusal: Refusal) -> Response { .scim(refusal.error, headers: refusal.headers) }

  private func isLocal(_ exchange: Exchange) -> Bool {
    !isBehindProxy && exchange.context.isFromLoopback
      && Self.forwarding.allSatisfy { !exchange.request.headers.contains($0) }
  }

  /// What proxies add to the requests that they hand on (RFC 7239 and its forerunners).
  private static let forwarding = ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"].compactMap { HTTPField.Name($0) }

  private func measureDirectory() async throws {
    for type in directory.catalog.resourceTypes {
      guard let total = try await directory.list(type: type, ListQuery(count: 0)).totalResults else { continue }
      Meter(
        label: "rollcall_directory_resources", dimensions: [("type", type.name)], factory: metrics.registry
      ).set(total)
    }
  }
}
