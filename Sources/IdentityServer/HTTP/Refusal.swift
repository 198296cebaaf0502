import HTTPTypes
import SCIM

/// An error with the headers that its answer carries.
struct Refusal: Error {
  let error: SCIMError
  var headers = HTTPFields()

  static let notFound = Refusal(error: SCIMError(status: 404, nil, "Nothing has this path."))

  /// RFC 7235 section 4.1: both schemes that would be taken.
  static var unauthorized: Refusal {
    var refusal = Refusal(error: SCIMError(status: 401, nil, "This needs a valid user name and password, or token."))
    refusal.headers.append(HTTPField(name: .wwwAuthenticate, value: #"Basic realm="rollcall", charset="UTF-8""#))
    refusal.headers.append(HTTPField(name: .wwwAuthenticate, value: #"Bearer realm="rollcall""#))
    return refusal
  }

  static let forbidden = Refusal(error: SCIMError(status: 403, nil, "Only an administrator may do this."))

  static func methodNotAllowed(_ methods: [HTTPRequest.Method]) -> Refusal {
    let allowed = methods.map(\.rawValue).joined(separator: ", ")
    return Refusal(
      error: SCIMError(status: 405, nil, "This path answers \(allowed) only."), headers: [.allow: allowed])
  }

  static let requestTimedOut = Refusal(
    error: SCIMError(status: 408, nil, "The body did not arrive in time."), headers: [.connection: "close"])

  static func throttled(_ throttled: LoginThrottled) -> Refusal {
    // Rounded up, so that whoever waits as told is not too early.
    let seconds = throttled.retryAfter.components.seconds + 1
    return Refusal(
      error: SCIMError(status: 429, nil, "Too many failed logins; try again in \(seconds) s."),
      headers: [.retryAfter: String(seconds)])
  }
}
