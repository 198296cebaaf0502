import CArgon2
import Foundation

/// Argon2id (RFC 9106) by the system's libargon2, written as a PHC string: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
///
/// Hashing is slow on purpose, so it runs on threads of its own, a few at a time, and never holds up other tasks.
package struct Argon2PasswordHasher: PasswordHasher {
  /// What one hash costs an attacker, and us.
  package struct Cost: Hashable, Sendable {
    /// In KiB.
    package var memory: UInt32
    package var passes: UInt32
    package var lanes: UInt32

    package init(memory: UInt32, passes: UInt32, lanes: UInt32) {
      self.memory = memory
      self.passes = passes
      self.lanes = lanes
    }

    /// OWASP's recommendation for argon2id: 19 MiB, two passes, one lane.
    package static let standard = Cost(memory: 19_456, passes: 2, lanes: 1)
  }

  /// libargon2 refused to hash, with its reason: out of memory, or parameters out of range.
  package struct HashingFailure: Error, CustomStringConvertible {
    package let description: String
  }

  private static let hashLength = 32
  private static let saltLength = 16

  private let cost: Cost
  private let salt: @Sendable () -> [UInt8]
  private let threads: OperationQueue

  /// - Parameters:
  ///   - salt: 16 fresh random bytes at each call.
  ///   - width: how many hashes are made at the same time; each takes the memory of `cost`.
  package init(
    cost: Cost = .standard, width: Int = 2, salt: @escaping @Sendable () -> [UInt8] = Argon2PasswordHasher.systemSalt
  ) {
    self.cost = cost
    self.salt = salt
    threads = OperationQueue()
    threads.maxConcurrentOperationCount = width
  }

  /// A salt from the system's random numbers, which are fit for cryptography.
  package static func systemSalt() -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<saltLength).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }

  package func hash(_ password: String) async throws -> String {
    let (cost, salt) = (cost, salt())
    return try await onThread { Result { try Self.encode(password, salt: salt, cost: cost) } }.get()
  }

  package func verify(_ password: String, against hash: String) async -> Bool {
    await onThread {
      let password = Array(password.utf8)
      return argon2id_verify(hash, password, password.count) == ARGON2_OK.rawValue
    }
  }

  private static func encode(_ password: String, salt: [UInt8], cost: Cost) throws -> String {
    let password = Array(password.utf8)
    let length = argon2_encodedlen(
      cost.passes, cost.memory, cost.lanes, UInt32(salt.count), UInt32(hashLength), Argon2_id)
    var encoded = [CChar](repeating: 0, count: length)
    let status = argon2id_hash_encoded(
      cost.passes, cost.memory, cost.lanes, password, password.count, salt, salt.count, hashLength, &encoded, length)
    guard status == ARGON2_OK.rawValue else {
      throw HashingFailure(description: String(cString: argon2_error_message(status)))
    }
    return String(decoding: encoded.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      threads.addOperation { continuation.resume(returning: work()) }
    }
  }
}
