import HTTPTypes
import HummingbirdCore
import NIOCore
import OpenID

@testable import IdentityServer

/// The server's view of a browser that has been there before.
enum TestBrowserSecret {
  static func browser(_ cookies: Cookies, _ random: inout some RandomNumberGenerator) -> Browser {
    let secret = Base64URL.encoded((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    return browser(cookies, sending: "\(cookies.name(.browser))=\(secret)")
  }

  /// The token of a form for the browser that sends these cookies.
  static func formToken(cookies header: String, _ path: String, port: Int) -> String {
    browser(Cookies(isSecure: false, port: port), sending: header).formToken(for: path)
  }

  private static func browser(_ cookies: Cookies, sending header: String) -> Browser {
    let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/", headerFields: [.cookie: header])
    return Browser(of: Request(head: head, body: RequestBody(buffer: ByteBuffer())), cookies)
  }
}
