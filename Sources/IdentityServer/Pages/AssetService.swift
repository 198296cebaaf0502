import Crypto
import HTTPTypes
import HummingbirdCore
import NIOCore

/// What pages are made of beside themselves: another address for every other text, so that browsers may keep each for
/// good.
struct Asset: Sendable {
  let path: String
  let type: String
  let text: String

  /// - Parameter ending: of the address: `css`.
  init(_ ending: String, type: String, _ text: String) {
    let digest = SHA256.hash(data: Array(text.utf8)).prefix(8)
    let name = digest.map { String(256 + Int($0), radix: 16).dropFirst() }.joined()
    path = "/assets/rollcall-\(name).\(ending)"
    self.type = type
    self.text = text
  }
}

struct AssetService: WebService {
  private static let assets = [PageStyle.sheet, ConsoleScript.asset]

  func owns(_ path: String) -> Bool { Self.assets.contains { $0.path == path } }

  func respond(to exchange: Exchange) async throws -> Response {
    guard exchange.request.method == .get else { throw Refusal.methodNotAllowed([.get]) }
    guard let asset = Self.assets.first(where: { $0.path == exchange.path }) else { throw Refusal.notFound }
    var headers: HTTPFields = [.contentType: asset.type, .cacheControl: "public, max-age=31536000, immutable"]
    headers[.xContentTypeOptions] = "nosniff"
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: asset.text)))
  }

  func response(to refusal: Refusal) -> Response { .page(refusal) }
}
