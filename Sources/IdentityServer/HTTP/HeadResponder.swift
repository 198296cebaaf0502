import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Answers HEAD as GET, and leaves the body behind (RFC 9110 section 9.3.2): the client would take it for the beginning of
/// the next answer. The services know nothing of HEAD; what is told of the request does.
struct HeadResponder: HTTPResponder {
  let base: ServiceResponder

  func respond(to request: Request, context: ServerContext) async throws -> Response {
    guard request.method == .head else { return try await base.respond(to: request, context: context) }
    var head = request.head
    head.method = .get
    var context = context
    context.wantsHeadOnly = true
    let response = try await base.respond(to: Request(head: head, body: request.body), context: context)
    return response.createHeadResponse()
  }
}
