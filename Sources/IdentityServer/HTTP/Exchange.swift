import HTTPTypes
import HummingbirdCore
import LocalDirectory

/// One request on its way to its answer. A class, so that the log knows who asked although the answer is a refusal.
final class Exchange {
  let request: Request
  let context: ServerContext
  /// Who sent the request, once that is known.
  private(set) var principal: Principal?
  private let authenticator: any Authenticator

  init(_ request: Request, _ context: ServerContext, authenticator: any Authenticator) {
    self.request = request
    self.context = context
    self.authenticator = authenticator
  }

  /// Who sends the request, by its `Authorization` header.
  /// - Throws: ``Refusal`` 401 when the credential is missing or wrong, 429 after too many wrong ones.
  func authenticated() async throws -> Principal {
    guard let credential = request.headers[.authorization].flatMap(Credential.init(authorization:)) else {
      throw Refusal.unauthorized
    }
    do {
      guard let known = try await authenticator.principal(for: credential, from: context.remoteAddress) else {
        throw Refusal.unauthorized
      }
      principal = known
      return known
    } catch let error as LoginThrottled {
      throw Refusal.throttled(error)
    }
  }

  /// Who signs the writes of this request in the directory's events.
  func author(_ principal: Principal) -> Author { Author(name: principal.name, address: context.remoteAddress) }
}
