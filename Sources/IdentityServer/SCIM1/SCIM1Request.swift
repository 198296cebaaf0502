import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import NIOCore
import SCIM

/// A request to the SCIM 1.1 service from someone who may make it.
struct SCIM1Request: Sendable {
  let request: Request
  let context: ServerContext
  /// The method that is meant, which a client may have to send as POST.
  let method: HTTPRequest.Method
  let principal: Principal
  /// Signs what the request writes.
  let author: Author
  let base: BaseAddress

  /// The tags that the client's knowledge rests on (protocol, section 3.11).
  var ifMatch: String? { request.headers[.ifMatch] }

  /// - Throws: `SCIMError` 400 when the query string is broken.
  var parameters: QueryParameters {
    get throws(SCIMError) { try QueryParameters(request.uri.query) }
  }

  /// Which attributes the answer shall have (section 3.7).
  /// - Throws: `SCIMError` 400 for names that are no paths.
  func attributes(of type: ResourceType) throws(SCIMError) -> [AttributePath] {
    var paths: [AttributePath] = []
    for name in try parameters["attributes"]?.split(whereSeparator: { $0 == "," || $0 == " " }) ?? [] {
      paths.append(try Dialect11.path(parsing: String(name), of: type))
    }
    return paths
  }

  /// What is told although SCIM 2.0 tells it on request only: the names of members, by which clients of SCIM 1.1 know
  /// them. Members themselves are told only where all attributes are, or where they are asked for.
  static let requested = [AttributePath("members", sub: "display")]

  func projection(of type: ResourceType) throws(SCIMError) -> Projection {
    Projection(attributes: try attributes(of: type), requesting: Self.requested)
  }

  /// The same with the entity tag, which is told in a header also where `meta` is not wanted (section 3.11).
  func projectionWithTag(of type: ResourceType) throws(SCIMError) -> Projection { try projection(of: type).withTag }

  func location(of type: ResourceType, _ id: String) -> String { "\(base.text)\(type.endpoint)/\(id)" }

  /// The JSON object that the request carries.
  /// - Throws: `SCIMError` 406 for a content type that is not JSON or not said, 413, or 400 for broken JSON.
  func body(maxSize: Int) async throws -> JSONObject {
    guard let type = request.headers[.contentType], MediaType.isJSON(type) else {
      throw SCIMError(status: 406, nil, "The content type must be application/json.")
    }
    return try await request.object(maxSize: maxSize)
  }
}

extension Request {
  /// The method that is meant: clients behind a firewall send POST, and the method in a header (section 3.13).
  /// - Throws: `SCIMError` 400 for a word that is no method.
  var effectiveMethod: HTTPRequest.Method {
    get throws(SCIMError) {
      guard method == .post, let name = HTTPField.Name("X-HTTP-Method-Override"), let text = headers[name] else {
        return method
      }
      guard let meant = HTTPRequest.Method(rawValue: text.uppercased()) else {
        throw SCIMError(status: 400, nil, "X-HTTP-Method-Override names no method.")
      }
      return meant
    }
  }

  /// Whether the client reads JSON; one that does not say reads it.
  var acceptsJSON: Bool {
    guard let accepted = headers[.accept] else { return true }
    return accepted.split(separator: ",").contains { MediaType.isJSON(String($0)) || MediaType.isRange(String($0)) }
  }
}

/// What a `Content-Type` or an entry of `Accept` says.
private enum MediaType {
  static func isJSON(_ text: String) -> Bool { ["application/json", "application/scim+json"].contains(name(text)) }

  static func isRange(_ text: String) -> Bool { ["*/*", "application/*"].contains(name(text)) }

  private static func name(_ text: String) -> String {
    text.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
  }
}

extension Response {
  /// An answer of the SCIM 1.1 service.
  static func scim1(_ status: HTTPResponse.Status, _ body: JSONObject, headers: HTTPFields = [:]) -> Response {
    var headers = headers
    headers[.contentType] = "application/json"
    // Personal data: kept by nobody on the way, and asked for again by whoever has it.
    headers[.cacheControl] = "private, no-cache"
    return Response(
      status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body.serialized())))
  }
}
