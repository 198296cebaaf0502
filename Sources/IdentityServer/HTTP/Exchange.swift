import HTTPTypes
import HummingbirdCore
import LocalDirectory
import OpenID
import SCIM

/// One request on its way to its answer. A class, so that the log knows who asked although the answer is a refusal.
final class Exchange {
  let request: Request
  let context: ServerContext
  /// The method that the client sent, HEAD as well.
  var method: HTTPRequest.Method { context.wantsHeadOnly ? .head : request.method }
  /// As it stands in the request, still percent-encoded.
  let path: String
  /// Who sent the request, once that is known.
  private(set) var principal: Principal?
  /// Where the request comes from.
  let address: NetworkAddress
  private let authenticator: any Authenticator
  private var usesToken = false

  /// - Parameter proxies: the addresses of those whose word for where a request comes from is taken.
  init(
    _ request: Request, _ context: ServerContext, authenticator: any Authenticator, trusting proxies: Set<String> = []
  ) {
    self.request = request
    self.context = context
    path = request.uri.path
    self.authenticator = authenticator
    let forwarded = proxies.isEmpty ? [] : Self.forwardedFor.map { request.headers[values: $0] } ?? []
    address = NetworkAddress(peer: context.remoteAddress, forwarded: forwarded, trusting: proxies)
  }

  private static let forwardedFor = HTTPField.Name("X-Forwarded-For")

  /// Who sends the request, by its `Authorization` header.
  /// - Throws: ``Refusal`` 401 when the credential is missing or wrong, 429 after too many wrong ones.
  func authenticated() async throws -> Principal {
    try await authenticated(by: request.headers[single: .authorization].flatMap(Credential.init(authorization:)))
  }

  /// Who sends the request, by a credential from wherever it stands; nil for none.
  /// - Throws: ``Refusal`` as ``authenticated()``.
  func authenticated(by credential: Credential?) async throws -> Principal {
    guard let credential else { throw Refusal.unauthorized }
    if case .bearer = credential { usesToken = true }
    do {
      guard let known = try await authenticator.principal(for: credential, from: address) else {
        throw usesToken ? Refusal.invalidToken : Refusal.unauthorized
      }
      principal = known
      return known
    } catch let error as LoginThrottled {
      throw Refusal.throttled(error)
    }
  }

  /// Who sends the request, when that is known by the session of a browser.
  /// - Throws: ``Refusal`` 401 when the user is gone.
  func authenticated(by signedIn: SignedIn) async throws -> Principal {
    guard let known = try await authenticator.principal(ofUser: signedIn.user.id) else { throw Refusal.unauthorized }
    principal = known
    return known
  }

  /// Who signs the writes of this request in the directory's events.
  func author(_ principal: Principal) -> Author { Author(name: principal.signature, address: address.text) }

  /// The refusal with what RFC 6750 section 3.1 has to say to whoever came with a token and may not do this.
  func completed(_ refusal: Refusal) -> Refusal {
    guard usesToken, refusal.lacksRights else { return refusal }
    var refusal = refusal
    let error = OAuthError(.insufficientScope, "The token's scopes do not allow this.")
    refusal.headers[.wwwAuthenticate] = #"Bearer realm="rollcall", \#(error.challenge)"#
    return refusal
  }
}
