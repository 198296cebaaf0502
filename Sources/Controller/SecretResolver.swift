import Crypto
import Foundation
import Reconciliation

/// Reads secrets where their references say, at the moment they are needed.
package struct SecretResolver: Sendable {
  /// Why a secret could not be read; never what it is.
  package struct Failure: Error, Hashable, CustomStringConvertible {
    package let description: String
  }

  private let environment: [String: String]
  private let documents: SecretDocuments

  /// - Parameter documents: what takes more than a look to read; nil has programs only.
  package init(environment: [String: String], documents: SecretDocuments? = nil) {
    self.environment = environment
    self.documents = documents ?? SecretDocuments(environment: environment)
  }

  /// Reads a secret, without keeping a thread of the tasks waiting for a program.
  package func value(of reference: SecretReference) async throws(Failure) -> Secret {
    switch reference {
    case .literal(let secret): return secret
    case .environment(let name): return try variable(name)
    case .file(let path):
      guard let bytes = FileManager.default.contents(atPath: path) else {
        throw Failure(description: "the secret file \(path) cannot be read")
      }
      return try secret(from: bytes, origin: path)
    case .command(let words): return try await output(of: words)
    case .sops(let file, let key): return try await documents.sops(file, key: key)
    case .vault(let path, let key): return try await documents.vault(path, key: key)
    }
  }

  private func variable(_ name: String) throws(Failure) -> Secret {
    guard let value = environment[name] else {
      throw Failure(description: "the environment variable \(name) is not set")
    }
    guard !value.isEmpty else { throw Failure(description: "the environment variable \(name) is empty") }
    return Secret(value)
  }

  /// Standard output of a program found on the PATH; its error output goes to ours.
  private func output(of words: [String]) async throws(Failure) -> Secret {
    guard let name = words.first else { throw Failure(description: "exec names no program") }
    var program = Subprogram(name, environment: environment)
    program.keepsComplaint = false
    let answer: Subprogram.Answer
    do throws(Subprogram.Failure) {
      answer = try await program.answer(Array(words.dropFirst()))
    } catch {
      throw Failure(description: error.sentence(of: name))
    }
    guard answer.status == 0 else {
      throw Failure(description: "\(name) ended with exit code \(answer.status)")
    }
    return try secret(from: answer.output, origin: name)
  }

  private func secret(from bytes: Data, origin: String) throws(Failure) -> Secret {
    guard var text = String(data: bytes, encoding: .utf8) else {
      throw Failure(description: "the secret from \(origin) is not UTF-8")
    }
    // As a character, CR LF is one.
    if text.last?.isNewline == true { text.removeLast() }
    guard !text.isEmpty else { throw Failure(description: "the secret from \(origin) is empty") }
    return Secret(text)
  }
}

/// Fingerprints of secrets, good for telling whether one changed and for nothing else: HMAC-SHA-256 under a key that
/// stays in the state file.
package struct SecretDigester: Sendable {
  private let key: [UInt8]

  package init(key: [UInt8]) { self.key = key }

  package func digest(_ secret: Secret) -> String {
    let code = HMAC<SHA256>.authenticationCode(for: Array(secret.revealed.utf8), using: SymmetricKey(data: key))
    return code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
