import HTTPTypes
import OpenID
import SCIM

/// An error with the headers that its answer carries.
struct Refusal: Error {
  let error: SCIMError
  var headers = HTTPFields()
  /// Whether the sender is known and may not do this.
  var lacksRights = false

  static let notFound = Refusal(error: SCIMError(status: 404, nil, "Nothing has this path."))

  /// RFC 7235 section 4.1: both schemes that would be taken.
  static var unauthorized: Refusal {
    var refusal = Refusal(error: SCIMError(status: 401, nil, "This needs a valid user name and password, or token."))
    refusal.headers.append(HTTPField(name: .wwwAuthenticate, value: #"Basic realm="rollcall", charset="UTF-8""#))
    refusal.headers.append(HTTPField(name: .wwwAuthenticate, value: #"Bearer realm="rollcall""#))
    return refusal
  }

  /// RFC 6750 section 3.1: the token is unknown, expired or revoked.
  static var invalidToken: Refusal {
    bearer(OAuthError(.invalidToken, "The token is unknown, has expired or was revoked."))
  }

  /// RFC 6750 section 3: what only a token opens was not opened.
  /// - Parameter error: what is wrong with the token; nil when there is none.
  static func bearer(_ error: OAuthError?) -> Refusal {
    let challenge = error.map { ", \($0.challenge)" } ?? ""
    return Refusal(
      error: SCIMError(status: error?.code.status ?? 401, nil, error?.text ?? "This needs an access token."),
      headers: [.wwwAuthenticate: #"Bearer realm="rollcall"\#(challenge)"#])
  }

  static let forbidden = Refusal(
    error: SCIMError(status: 403, nil, "This takes rights that you do not have."), lacksRights: true)

  /// - Parameter methods: those that a service knows; ``HeadResponder`` adds HEAD wherever there is GET.
  static func methodNotAllowed(_ methods: [HTTPRequest.Method]) -> Refusal {
    let answered = methods.flatMap { $0 == .get ? [.get, .head] : [$0] }
    let allowed = answered.map(\.rawValue).joined(separator: ", ")
    return Refusal(
      error: SCIMError(status: 405, nil, "This path answers \(allowed) only."), headers: [.allow: allowed])
  }

  static let requestTimedOut = Refusal(
    error: SCIMError(status: 408, nil, "The body did not arrive in time."), headers: [.connection: "close"])

  /// The store is away, locked or full; 503 has a client try again, as most do not after 500.
  static func storeFailed(_ requestID: String) -> Refusal {
    Refusal(
      error: SCIMError(
        status: 503, nil,
        "The directory cannot be read or written now; the log has the reason under request \(requestID). Try again."),
      headers: [.retryAfter: "5"])
  }

  static func throttled(_ throttled: LoginThrottled) -> Refusal {
    // Rounded up, so that whoever waits as told is not too early.
    let seconds = throttled.retryAfter.components.seconds + 1
    return Refusal(
      error: SCIMError(status: 429, nil, "Too many failed logins; try again in \(seconds) s."),
      headers: [.retryAfter: String(seconds)])
  }
}

extension Refusal {
  /// The refusal that the error is; nil for a failure that is ours.
  init?(_ error: any Error) {
    switch error {
    case let refusal as Refusal: self = refusal
    case let error as SCIMError: self.init(error: error)
    default: return nil
    }
  }
}
