import JSON
import NIOCore
import NIOHTTP1

/// One HTTP request to an endpoint.
struct EndpointRequest: Sendable {
  var method: HTTPMethod
  /// What comes after the base address of the connection: path and query, percent-encoded.
  var target: String
  var body: JSONObject?
  /// A body that is no JSON.
  var content: Content?
  /// Header fields of this request alone.
  var fields: HTTPHeaders = [:]
  /// The entity tag that the resource must still have (RFC 7644 section 3.14).
  var ifMatch: String?
  /// Values in the body that no message may repeat.
  var secrets: [String]
  /// Statuses beyond 2xx that answer the request instead of refusing it.
  var expected: Set<Int> = []
  /// What sending it twice may do; a POST is taken for a create unless it says otherwise.
  var effect: RetryPolicy.Effect

  struct Content: Sendable {
    var mediaType: String
    var bytes: [UInt8]
  }

  init(_ method: HTTPMethod, _ target: String, body: JSONObject? = nil, ifMatch: String? = nil, secrets: [String] = [])
  {
    self.method = method
    self.target = target
    self.body = body
    self.ifMatch = ifMatch
    self.secrets = secrets
    effect =
      switch method {
      case .GET, .HEAD: .read
      case .POST: .create
      default: .repeatableWrite
      }
  }
}

/// A successful answer (2xx), or one of a status that the request expects.
struct EndpointResponse: Sendable {
  var status: Int
  var headers: HTTPHeaders
  var body: ByteBuffer

  /// The body as a JSON object; nil when there is none.
  /// - Throws: `malformed` when it is something else.
  func object() throws(EndpointError) -> JSONObject? {
    guard body.readableBytes > 0 else { return nil }
    guard let value = json(), let object = value.object else {
      let excerpt = MessageText.excerpt(of: body.readableBytesView)
      throw EndpointError(.malformed, status: status, "the endpoint answered something that is not SCIM: \(excerpt)")
    }
    return object
  }

  /// The body as a JSON array; nil when it is something else.
  func array() -> [JSONValue]? { json()?.array }

  private func json() -> JSONValue? {
    try? body.withUnsafeReadableBytes { try JSONValue(parsing: $0) }
  }
}
