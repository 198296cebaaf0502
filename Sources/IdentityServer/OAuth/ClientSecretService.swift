import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import OpenID
import SCIM

/// Makes a new secret for an application and shows it, this once.
struct ClientSecretService: WebService {
  private static let path = "/oauth2/client-secret"
  /// In bytes.
  private static let maxFormSize = 1 << 12

  private let directory: Directory

  init(directory: Directory) { self.directory = directory }

  func owns(_ path: String) -> Bool { path == Self.path }

  func response(to refusal: Refusal) -> Response { .oauth(refusal) }

  func respond(to exchange: Exchange) async throws -> Response {
    guard exchange.request.method == .post else { throw Refusal.methodNotAllowed([.post]) }
    let principal = try await exchange.authenticated()
    guard principal.may(.update, "ServiceProvider", id: "") else { throw Refusal.forbidden }
    do {
      let form = try await exchange.request.form(maxSize: Self.maxFormSize)
      guard let id = form["client_id"] else {
        throw OAuthError(.invalidRequest, "The parameter client_id is missing.")
      }
      let secrets = ClientSecrets(directory)
      guard let secret = try await secrets.renew(id, by: exchange.author(principal)) else {
        throw OAuthError(.invalidRequest, "No application with this client_id is registered here.")
      }
      return .oauth(.ok, ["client_id": .string(id), "client_secret": .string(secret.text)])
    } catch let error as OAuthError {
      return .oauth(error)
    }
  }
}
