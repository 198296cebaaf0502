import HTTPTypes
import HummingbirdCore
import NIOCore
import OpenID

@testable import IdentityServer

/// The server's view of a browser that has been there before.
enum TestBrowserSecret {
  static func browser(_ cookies: Cookies, _ random: inout some RandomNumberGenerator) -> Browser {
    let secret = Base64URL.encoded((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    let head = HTTPRequest(
      method: .get, scheme: nil, authority: nil, path: "/",
      headerFields: [.cookie: "\(cookies.name(.browser))=\(secret)"])
    return Browser(of: Request(head: head, body: RequestBody(buffer: ByteBuffer())), cookies)
  }
}
