import Endpoints
import Foundation
import JSON
import OpenID
import Reconciliation

/// What other providers tell of themselves and the keys they sign with, asked for when it is needed and kept for an hour.
actor ProviderDocuments {
  private struct Place: Hashable {
    let address: String
    /// What was learned by trusting more is nothing to whoever trusts less.
    let trust: EndpointDeclaration.Trust
  }

  private struct Entry {
    let document: JSONObject
    let readAt: Date
  }

  /// In seconds: how long a document is kept, and how soon keys are asked for again because one is missing. Anybody can
  /// send a token with a key that nobody knows.
  private static let lifetime: TimeInterval = 3600
  private static let pause: TimeInterval = 30
  /// The most documents that are kept.
  private static let capacity = 200

  private let userAgent: String
  private let now: @Sendable () -> Date
  private var entries: [Place: Entry] = [:]

  init(userAgent: String, now: @escaping @Sendable () -> Date) {
    self.userAgent = userAgent
    self.now = now
  }

  nonisolated func connection(to provider: FederatedProvider) -> OpenIDConnection {
    OpenIDConnection(trust: provider.trust, userAgent: userAgent)
  }

  /// Where the provider is found: as it is configured, and where that is not said, as it tells itself.
  /// - Throws: ``FederationError``.
  func addresses(of provider: FederatedProvider) async throws -> ProviderAddresses {
    let known = provider.addresses
    if let issuer = known.issuer, let authorization = known.authorization, let token = known.token,
      let keys = known.keys
    {
      return ProviderAddresses(
        issuer: issuer, authorization: authorization, token: token, keys: keys, userInfo: known.userInfo)
    }
    var addresses = try await discovered(provider)
    addresses.authorization = known.authorization ?? addresses.authorization
    addresses.token = known.token ?? addresses.token
    addresses.keys = known.keys ?? addresses.keys
    addresses.userInfo = known.userInfo ?? addresses.userInfo
    return addresses
  }

  /// The key that must have made a signature. A key that is not there may be new, so that all of them are read again.
  /// - Throws: ``FederationError`` untrustworthy when there is none.
  func key(
    for head: TokenHead, at addresses: ProviderAddresses, of provider: FederatedProvider
  ) async throws -> VerificationKeys.Key {
    let known = try await document(at: addresses.keys, of: provider)
    if let key = VerificationKeys(known).key(for: head) { return key }
    let current = try await document(at: addresses.keys, of: provider, readAfter: now().addingTimeInterval(-Self.pause))
    guard let key = VerificationKeys(current).key(for: head) else {
      throw FederationError(
        .untrustworthy,
        "\(addresses.issuer) has no one \(head.algorithm.rawValue) key \(head.keyID ?? "without a name")")
    }
    return key
  }

  /// Whoever is configured by addresses alone is asked who it is where that is usual: below the server, and below the token
  /// endpoint as WSO2 Identity Server has it. It counts only if it then names the same addresses.
  private func discovered(_ provider: FederatedProvider) async throws -> ProviderAddresses {
    if let issuer = provider.addresses.issuer { return try await described(issuer, provider) }
    var reasons: [String] = []
    for issuer in Self.issuers(at: provider.addresses.token ?? "") {
      do {
        let addresses = try await described(issuer, provider)
        if provider.addresses.token?.isExactly(addresses.token) == true,
          provider.addresses.authorization?.isExactly(addresses.authorization) == true
        {
          return addresses
        }
        reasons.append("\(issuer) tells of other addresses than the configured ones")
      } catch let error as FederationError {
        reasons.append(error.text)
      }
    }
    throw FederationError(
      .unavailable, "it cannot be told who issues tokens there; configure `issuer` (\(reasons.joined(separator: "; ")))"
    )
  }

  private func described(_ issuer: String, _ provider: FederatedProvider) async throws -> ProviderAddresses {
    try ProviderAddresses(try await document(at: ProviderAddresses.discovery(of: issuer), of: provider), of: issuer)
  }

  /// A document that was read lately, or is read now.
  /// - Parameter time: when it must have been read at the earliest; nil for within its lifetime.
  private func document(
    at address: String, of provider: FederatedProvider, readAfter time: Date? = nil
  ) async throws -> JSONObject {
    let place = Place(address: address, trust: provider.trust)
    if let entry = entries[place], entry.readAt > time ?? now().addingTimeInterval(-Self.lifetime) {
      return entry.document
    }
    do throws(EndpointError) {
      let document = try await connection(to: provider).document(at: address)
      if entries.count >= Self.capacity { entries = [:] }
      entries[place] = Entry(document: document, readAt: now())
      return document
    } catch {
      throw FederationError(error, of: address)
    }
  }

  private static func issuers(at token: String) -> [String] {
    guard let parts = URLComponents(string: token), let scheme = parts.scheme, let host = parts.host else { return [] }
    return ["\(scheme)://\(host)\(parts.port.map { ":\($0)" } ?? "")", token]
  }
}

extension FederationError {
  /// - Parameter address: what was asked.
  init(_ error: EndpointError, of address: String) {
    let kind: Kind = error.kind == .misconfigured ? .misconfigured : .unavailable
    self.init(kind, "\(address): \(error.message)")
  }
}
