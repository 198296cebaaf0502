import Crypto
import Dispatch
import Foundation
import Reconciliation

/// Reads secrets where their references say, at the moment they are needed.
package struct SecretResolver: Sendable {
  /// Why a secret could not be read; never what it is.
  package struct Failure: Error, Hashable, CustomStringConvertible {
    package let description: String
  }

  private let environment: [String: String]

  package init(environment: [String: String]) { self.environment = environment }

  /// Reads a secret; waits for as long as its program runs.
  package func resolve(_ reference: SecretReference) throws(Failure) -> Secret {
    switch reference {
    case .literal(let secret): return secret
    case .environment(let name):
      guard let value = environment[name] else {
        throw Failure(description: "the environment variable \(name) is not set")
      }
      guard !value.isEmpty else { throw Failure(description: "the environment variable \(name) is empty") }
      return Secret(value)
    case .file(let path):
      guard let bytes = FileManager.default.contents(atPath: path) else {
        throw Failure(description: "the secret file \(path) cannot be read")
      }
      return try secret(from: bytes, origin: path)
    case .command(let words): return try secret(from: output(of: words), origin: words.first ?? "the command")
    }
  }

  /// Reads a secret without keeping a thread of the tasks waiting for a program.
  func value(of reference: SecretReference) async throws(Failure) -> Secret {
    guard case .command = reference else { return try resolve(reference) }
    let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<Secret, Failure>, Never>) in
      DispatchQueue.global().async {
        continuation.resume(returning: Result { () throws(Failure) -> Secret in try resolve(reference) })
      }
    }
    return try result.get()
  }

  /// Standard output of a program found on the PATH; its error output goes to ours.
  private func output(of words: [String]) throws(Failure) -> Data {
    guard let program = words.first else { throw Failure(description: "exec names no program") }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw Failure(description: "\(program) could not be started")
    }
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(program) ended with exit code \(process.terminationStatus)")
    }
    return bytes
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
