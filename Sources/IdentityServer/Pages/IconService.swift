import HTTPTypes
import HummingbirdCore
import NIOCore

/// What browsers show beside the title of a page, and ask every site for.
struct IconService: WebService {
  private static let path = "/favicon.ico"

  private static let image = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b5cad"/>\
    <path d="M4 8l3 3 5-6" fill="none" stroke="#fff" stroke-width="2"/></svg>
    """

  func owns(_ path: String) -> Bool { path == Self.path }

  func respond(to exchange: Exchange) async throws -> Response {
    guard exchange.request.method == .get else { throw Refusal.methodNotAllowed([.get]) }
    let headers: HTTPFields = [
      .contentType: "image/svg+xml", .cacheControl: "public, max-age=86400", .xContentTypeOptions: "nosniff",
    ]
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: Self.image)))
  }

  func response(to refusal: Refusal) -> Response { .page(refusal) }
}
