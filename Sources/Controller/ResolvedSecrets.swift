import Reconciliation

/// Secrets that were read ahead, for whoever cannot wait: a value each, or why there is none.
package struct ResolvedSecrets: Sendable {
  fileprivate var values: [SecretReference: Result<Secret, SecretResolver.Failure>] = [:]

  /// - Throws: why it could not be read.
  package func value(of reference: SecretReference) throws(SecretResolver.Failure) -> Secret {
    guard let value = values[reference] else {
      throw SecretResolver.Failure(description: "a secret is needed that nobody asked for before")
    }
    return try value.get()
  }
}

extension SecretResolver {
  /// Reads secrets, each once.
  package func values(of references: [SecretReference]) async -> ResolvedSecrets {
    var resolved = ResolvedSecrets()
    for reference in Set(references) {
      do throws(Failure) {
        resolved.values[reference] = .success(try await value(of: reference))
      } catch {
        resolved.values[reference] = .failure(error)
      }
    }
    return resolved
  }
}

extension EndpointDeclaration {
  /// The secrets that it takes to log in.
  package var secrets: [SecretReference] {
    switch authentication {
    case nil: []
    case .basic(_, let password): [password]
    case .bearer(let token, _): [token]
    case .oauth2(let client):
      switch client.grant {
      case .clientCredentials(let secret): [client.clientID, secret]
      case .jwtBearer(let privateKey, _): [client.clientID, privateKey]
      }
    case .serviceAccount(let account): [account.key]
    }
  }
}
