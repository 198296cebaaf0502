import Foundation
import JSON
import NIOHTTP1
import Reconciliation

/// HashiCorp Vault's HTTP API, as much of it as reading secrets takes: the KV engine of version 2, and the Kubernetes
/// method of logging in. A token of our own making is used until shortly before it ends.
package actor VaultConnection {
  /// How we prove who we are.
  package enum Login: Sendable {
    case token(Secret)
    /// A file with a token, as Vault Agent and `vault login` write it; read anew for each use.
    case tokenFile(String)
    /// The Kubernetes method: a role there, where the method is mounted, and the file with our service account's token.
    case kubernetes(role: String, mount: String, tokenFile: String)
  }

  package struct Settings: Sendable {
    /// `https://vault.example:8200`.
    package var address: String
    /// Whether plain HTTP is allowed beyond the loopback.
    package var allowsPlaintext = false
    /// Of Vault Enterprise.
    package var namespace: String?
    package var trust = EndpointDeclaration.Trust.system
    package var login: Login
    /// `User-Agent`: `rollcall/<version>`.
    package var userAgent: String

    package init(address: String, login: Login, userAgent: String) {
      self.address = address
      self.login = login
      self.userAgent = userAgent
    }
  }

  /// In bytes.
  private static let maxAnswerSize = 4 << 20

  private let settings: Settings
  private let now: @Sendable () -> Date
  private var session: (token: Secret, until: Date)?

  package init(_ settings: Settings, now: @escaping @Sendable () -> Date) {
    self.settings = settings
    self.now = now
  }

  /// The newest version of a secret.
  /// - Parameter path: as the API has it: `secret/data/people`.
  /// - Throws: what Vault says, in words; there is no secret in them.
  package func secret(at path: String) async throws(EndpointError) -> JSONObject {
    do throws(EndpointError) {
      return try await read(path)
    } catch  where error.kind == .forbidden && session != nil {
      // The session may have been revoked before its time.
      session = nil
      return try await read(path)
    }
  }

  private func read(_ path: String) async throws(EndpointError) -> JSONObject {
    let target = path.split(separator: "/").map { SCIM2Address.encode(String($0)) }.joined(separator: "/")
    let answer = try await send(EndpointRequest(.GET, "/v1/\(target)"), token: try await token())
    let body = try? answer.object()
    let outer = body?["data"]?.object
    if let values = outer?["data"]?.object, answer.status == 200 { return values }
    throw VaultRefusal(status: answer.status, body: body).error(of: path)
  }

  // MARK: Logging in

  private func token() async throws(EndpointError) -> Secret {
    switch settings.login {
    case .token(let token): return token
    case .tokenFile(let path): return try Self.word(in: path)
    case .kubernetes(let role, let mount, let tokenFile):
      if let session, now() < session.until { return session.token }
      return try await logIn(role, at: mount, with: try Self.word(in: tokenFile))
    }
  }

  /// https://developer.hashicorp.com/vault/api-docs/auth/kubernetes#login
  private func logIn(_ role: String, at mount: String, with identity: Secret) async throws(EndpointError) -> Secret {
    let body: JSONObject = ["role": .string(role), "jwt": .string(identity.revealed)]
    let request = EndpointRequest(.POST, "/v1/auth/\(mount)/login", body: body, secrets: [identity.revealed])
    let answer = try await send(request, token: nil)
    let told = try? answer.object()
    guard answer.status == 200, let auth = told?["auth"]?.object, let token = auth["client_token"]?.string else {
      throw VaultRefusal(status: answer.status, body: told).error(ofLoginAs: role)
    }
    let seconds = auth["lease_duration"]?.int ?? 0
    // A lease of nothing never ends.
    let until = seconds > 0 ? now().addingTimeInterval(Double(seconds) * 0.9) : .distantFuture
    session = (Secret(token), until)
    return Secret(token)
  }

  private static func word(in path: String) throws(EndpointError) -> Secret {
    let bytes = FileManager.default.contents(atPath: path) ?? Data()
    let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard !text.isEmpty else {
      throw EndpointError(.misconfigured, "Vault: the token file \(path) cannot be read, or is empty")
    }
    return Secret(text)
  }

  // MARK: Requests

  /// One request on a connection of its own: secrets are read seldom. Whatever the status, it is an answer, so that no
  /// error repeats what is in it.
  private func send(_ request: EndpointRequest, token: Secret?) async throws(EndpointError) -> EndpointResponse {
    var request = request
    request.expected = Set(300..<600)
    request.fields.add(name: "X-Vault-Request", value: "true")
    if let namespace = settings.namespace { request.fields.add(name: "X-Vault-Namespace", value: namespace) }
    if let token {
      request.fields.add(name: "X-Vault-Token", value: token.revealed)
      request.secrets.append(token.revealed)
    }
    let transport = try transport()
    do throws(EndpointError) {
      let answer = try await transport.send(request)
      await transport.shutdown()
      return answer
    } catch {
      await transport.shutdown()
      throw EndpointError(error.kind, status: error.status, "Vault at \(settings.address): \(error.message)")
    }
  }

  private func transport() throws(EndpointError) -> HTTPTransport {
    do throws(EndpointError) {
      let address = try SCIM2Address(
        settings.address, allowsPlaintext: settings.allowsPlaintext, field: "the address of Vault")
      return try HTTPTransport(
        ConnectionConfiguration(
          trust: settings.trust, timeouts: .init(connect: .seconds(5), read: .seconds(20), request: .seconds(30)),
          maxAnswerSize: Self.maxAnswerSize, userAgent: settings.userAgent), base: address.base, format: .json)
    } catch {
      throw EndpointError(.misconfigured, "Vault: \(error.message)")
    }
  }
}
