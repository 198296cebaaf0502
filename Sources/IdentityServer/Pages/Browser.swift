import Crypto
import Foundation
import HummingbirdCore
import JSON
import OpenID

/// The browser of a request, known by a secret of its own that nobody else learns. It ties to that browser what is handed
/// out to it: forms (against cross-site request forgery) and what comes after a sign-in.
struct Browser: Sendable {
  private static let secretLength = 43

  private let secret: String
  private let isNew: Bool
  private let cookies: Cookies
  /// Who has signed in with it: a form that was made for one session is worth nothing in another.
  private let session: TokenDigest?

  /// The browser that sends the request; a new one gets a secret.
  init(of request: Request, _ cookies: Cookies, random: () -> [UInt8] = TokenSecret.systemRandom) {
    let known = cookies.value(.browser, in: request).flatMap { $0.utf8.count == Self.secretLength ? $0 : nil }
    secret = known ?? Base64URL.encoded(random())
    isNew = known == nil
    self.cookies = cookies
    session = cookies.value(.session, in: request).map { TokenSecret($0).digest }
  }

  private init(secret: String, isNew: Bool, cookies: Cookies, session: TokenDigest?) {
    self.secret = secret
    self.isNew = isNew
    self.cookies = cookies
    self.session = session
  }

  /// The same browser with a new secret, so that whoever knew the old one knows nothing.
  func renewed(session: TokenSecret?, random: () -> [UInt8] = TokenSecret.systemRandom) -> Browser {
    Browser(secret: Base64URL.encoded(random()), isNew: true, cookies: cookies, session: session?.digest)
  }

  /// What must be set for the browser to be known again.
  var settingCookies: [String] { isNew ? [cookies.setting(.browser, secret)] : [] }

  /// The token of a form of this browser.
  /// - Parameter path: where the form is sent.
  func formToken(for path: String) -> String { Base64URL.encoded(Data(code(formMessage(path)))) }

  func isFormToken(_ text: String?, for path: String) -> Bool {
    guard !isNew, let bytes = text.flatMap(Base64URL.decoded) else { return false }
    return isCode(bytes, of: formMessage(path))
  }

  /// A path of ours that the browser comes back to later, and when that was decided. Only we can make one, so nobody is
  /// sent anywhere else.
  func token(of continuation: Continuation) -> String {
    let payload = Base64URL.encoded(JSONValue.object(continuation.json).serialized())
    return "\(payload).\(Base64URL.encoded(Data(code("continuation\n" + payload))))"
  }

  /// nil for what this browser was not given.
  func continuation(_ token: String?) -> Continuation? {
    let parts = (token ?? "").split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard !isNew, parts.count == 2, let mark = Base64URL.decoded(parts[1]),
      isCode(mark, of: "continuation\n" + parts[0]),
      let bytes = Base64URL.decoded(parts[0]), let json = try? JSONValue(parsing: bytes)
    else { return nil }
    return Continuation(json)
  }

  /// A mark of the browser, for what is sealed with a key of the server and is to come from this browser alone.
  var binding: String { Base64URL.encoded(Data(code("binding"))) }

  private func formMessage(_ path: String) -> String {
    "form\n\(path)\n\(session.map { Base64URL.encoded($0.bytes) } ?? "")"
  }

  private func code(_ message: String) -> HMAC<SHA256>.MAC {
    HMAC<SHA256>.authenticationCode(for: Array(message.utf8), using: SymmetricKey(data: Array(secret.utf8)))
  }

  private func isCode(_ bytes: [UInt8], of message: String) -> Bool {
    HMAC<SHA256>.isValidAuthenticationCode(
      bytes, authenticating: Array(message.utf8), using: SymmetricKey(data: Array(secret.utf8)))
  }
}

/// Where a browser goes after a sign-in.
struct Continuation: Hashable, Sendable {
  /// A path of this server: `/oauth2/authorize`, `/console`.
  var path: String
  var query: String
  /// When the browser set out.
  var startedAt: Date

  init(path: String, query: String = "", startedAt: Date) {
    self.path = path
    self.query = query
    self.startedAt = startedAt
  }

  init?(_ json: JSONValue) {
    guard let path = json["path"]?.string, let query = json["query"]?.string, let start = json["start"]?.int else {
      return nil
    }
    self.init(path: path, query: query, startedAt: Date(timeIntervalSince1970: TimeInterval(start) / 1000))
  }

  var json: JSONObject {
    let start = Int((startedAt.timeIntervalSince1970 * 1000).rounded())
    return ["path": .string(path), "query": .string(query), "start": .number(JSONNumber(start))]
  }
}
