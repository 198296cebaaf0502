import CoreMetrics
import HTTPTypes
import HummingbirdCore
import Prometheus
import Synchronization

/// What the server counts while it runs. The labels are words of ours: never an id, a name or a path that a client chose, so
/// that nobody can make the series grow.
package final class ServerMetrics: Sendable {
  fileprivate struct RequestKind: Hashable {
    let method: String
    let route: String
    let status: Int
  }

  fileprivate struct Series {
    var requests: [RequestKind: Counter] = [:]
    var durations: [String: Timer] = [:]
  }

  let registry = PrometheusRegistry()
  let connections: Meter
  private let inFlight: Meter
  private let received: Counter
  private let sent: Counter
  private let refusedLogins: [String: Counter]
  private let series = Mutex(Series())

  package init() {
    let registry = registry
    inFlight = Meter(label: "rollcall_http_requests_in_flight", factory: registry)
    connections = Meter(label: "rollcall_http_connections", factory: registry)
    received = Counter(label: "rollcall_http_request_bytes_total", factory: registry)
    sent = Counter(label: "rollcall_http_response_bytes_total", factory: registry)
    refusedLogins = Dictionary(
      uniqueKeysWithValues: ["credential", "throttled"].map { reason in
        let label = "rollcall_logins_refused_total"
        return (reason, Counter(label: label, dimensions: [("reason", reason)], factory: registry))
      })
    for (name, help) in Self.help { registry.describe(name, help) }
  }

  func requestBegins() { inFlight.increment(by: 1) }

  func requestEnds() { inFlight.decrement(by: 1) }

  /// - Parameter route: one of a few words of the service that answered.
  func answered(_ exchange: Exchange, route: String, status: Int, bytes: Int, in duration: Duration) {
    let method = exchange.method
    let kind = RequestKind(
      method: Self.methods.contains(method) ? method.rawValue : "other", route: route, status: status)
    let (requests, durations) = series.withLock { ($0.counter(kind, registry), $0.timer(route, registry)) }
    requests.increment()
    durations.recordNanoseconds(duration.nanoseconds)
    received.increment(by: exchange.request.headers[single: .contentLength].flatMap { Int($0) } ?? 0)
    sent.increment(by: bytes)
    if status == 401, exchange.request.headers.contains(.authorization) { refusedLogins["credential"]?.increment() }
    if status == 429 { refusedLogins["throttled"]?.increment() }
  }

  private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]

  private static let help = [
    "rollcall_build_info": "Always 1; the release of this program as a label.",
    "rollcall_directory_resources": "Resources in the directory, by type.",
    "rollcall_http_connections": "Open connections.",
    "rollcall_http_request_bytes_total": "Bytes in the bodies of requests, as their headers say.",
    "rollcall_http_request_duration_seconds": "From a request's header to its answer, by route.",
    "rollcall_http_requests_in_flight": "Requests that are being answered.",
    "rollcall_http_requests_total": "Answered requests, by method, route and status.",
    "rollcall_http_response_bytes_total": "Bytes in the bodies of answers.",
    "rollcall_logins_refused_total": "Credentials that were wrong, or came too soon after wrong ones.",
    "rollcall_store_transaction_duration_seconds": "Transactions of the store with the wait for them, by kind.",
    "rollcall_store_transactions_failed_total": "Transactions that failed because of the store, by kind.",
  ]
}

extension ServerMetrics.Series {
  fileprivate mutating func counter(_ kind: ServerMetrics.RequestKind, _ registry: PrometheusRegistry) -> Counter {
    if let known = requests[kind] { return known }
    let counter = Counter(
      label: "rollcall_http_requests_total",
      dimensions: [("method", kind.method), ("route", kind.route), ("status", String(kind.status))], factory: registry)
    requests[kind] = counter
    return counter
  }

  fileprivate mutating func timer(_ route: String, _ registry: PrometheusRegistry) -> Timer {
    if let known = durations[route] { return known }
    let timer = Timer(
      label: "rollcall_http_request_duration_seconds", dimensions: [("route", route)], factory: registry)
    durations[route] = timer
    return timer
  }
}

/// `0.001250000`: a time to the nanosecond, as logs tell it.
struct Seconds: CustomStringConvertible, Sendable {
  fileprivate let duration: Duration

  var description: String {
    let (seconds, fraction) = duration.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return String(seconds) + "." + String(1_000_000_000 + fraction).dropFirst()
  }
}

extension Duration {
  var inSeconds: Seconds { Seconds(duration: self) }

  /// Whole nanoseconds.
  var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
