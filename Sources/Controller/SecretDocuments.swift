import Endpoints
import Foundation
import JSON
import Reconciliation

/// What holds several secrets and takes a program or a network to read: files that SOPS encrypted, and secrets of Vault.
/// Each is read once for all that ask within a minute, kept in memory and nowhere else.
package actor SecretDocuments {
  private enum Place: Hashable {
    case sops(String)
    case vault(String)
  }

  private typealias Reading = Task<Result<JSONObject, SecretResolver.Failure>, Never>

  /// For how long an answer is good, in seconds: a run asks once, and the next run sees what was rotated.
  private static let lifetime: TimeInterval = 60
  /// Of `sops`, in seconds: it may have to ask a key service.
  private static let patience: TimeInterval = 120

  private let environment: [String: String]
  private let vault: VaultConnection?
  private let now: @Sendable () -> Date
  private var readings: [Place: (task: Reading, at: Date)] = [:]

  /// - Parameter vault: nil when no address of one is known.
  package init(
    environment: [String: String], vault: VaultConnection? = nil, now: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.environment = environment
    self.vault = vault
    self.now = now
  }

  /// - Parameter key: the keys that lead to the value, separated by dots; a number counts the entries of a list from 0.
  func sops(_ file: String, key: String) async throws(SecretResolver.Failure) -> Secret {
    let document = try await document(.sops(file))
    var value: JSONValue? = .object(document)
    for name in key.split(separator: ".") { value = value.flatMap { Self.value(String(name), in: $0) } }
    return try Self.secret(value, key, of: file)
  }

  func vault(_ path: String, key: String) async throws(SecretResolver.Failure) -> Secret {
    try Self.secret(try await document(.vault(path))[key], key, of: path)
  }

  private static func value(_ name: String, in value: JSONValue) -> JSONValue? {
    guard let list = value.array else { return value[name] }
    guard let index = Int(name), list.indices.contains(index) else { return nil }
    return list[index]
  }

  private static func secret(
    _ value: JSONValue?, _ key: String, of place: String
  ) throws(SecretResolver.Failure) -> Secret {
    let text: String? =
      switch value {
      case .string(let text): text
      case .number(let number): number.literal
      case .bool(let value): value ? "true" : "false"
      default: nil
      }
    guard let text else {
      throw SecretResolver.Failure(
        description: value == nil ? "\(place) has no key \(key)" : "the key \(key) of \(place) is not a single value")
    }
    guard !text.isEmpty else { throw SecretResolver.Failure(description: "the key \(key) of \(place) is empty") }
    return Secret(text)
  }

  private func document(_ place: Place) async throws(SecretResolver.Failure) -> JSONObject {
    let time = now()
    readings = readings.filter { time.timeIntervalSince($0.value.at) < Self.lifetime }
    let task = readings[place]?.task ?? Task { await read(place) }
    readings[place] = readings[place] ?? (task, time)
    let result = await task.value
    // What failed is worth another try at once.
    if case .failure = result, readings[place]?.task == task { readings[place] = nil }
    return try result.get()
  }

  private func read(_ place: Place) async -> Result<JSONObject, SecretResolver.Failure> {
    do throws(SecretResolver.Failure) {
      switch place {
      case .sops(let file): return .success(try await decrypt(file))
      case .vault(let path): return .success(try await fetch(path))
      }
    } catch {
      return .failure(error)
    }
  }

  private func fetch(_ path: String) async throws(SecretResolver.Failure) -> JSONObject {
    guard let vault else {
      throw SecretResolver.Failure(description: "the address of Vault is not known: set VAULT_ADDR or vault-addr")
    }
    do throws(EndpointError) {
      return try await vault.secret(at: path)
    } catch {
      throw SecretResolver.Failure(description: error.message)
    }
  }

  private func decrypt(_ file: String) async throws(SecretResolver.Failure) -> JSONObject {
    guard FileManager.default.isReadableFile(atPath: file) else {
      throw SecretResolver.Failure(description: "the file \(file) cannot be read")
    }
    var program = Subprogram("sops", environment: environment)
    program.timeout = Self.patience
    program.keepsComplaint = false
    let answer: Subprogram.Answer
    do throws(Subprogram.Failure) {
      answer = try await program.answer(["--decrypt", "--output-type", "json", file])
    } catch {
      throw SecretResolver.Failure(description: error.sentence(of: "sops"))
    }
    guard answer.status == 0 else {
      throw SecretResolver.Failure(description: "sops cannot decrypt \(file): \(Self.words(answer.status))")
    }
    guard let object = (try? JSONValue(parsing: [UInt8](answer.output)))?.object else {
      throw SecretResolver.Failure(description: "what sops makes of \(file) is no mapping")
    }
    return object
  }

  /// The exit codes of sops (cmd/sops/codes).
  private static func words(_ status: Int32) -> String {
    switch status {
    case 24, 25, 51, 52: "its content is damaged, or was changed without sops"
    case 111, 128: "none of our keys opens it"
    default: "it ended with exit code \(status)"
    }
  }
}

extension Subprogram.Failure {
  /// What happened to a program, in words.
  func sentence(of program: String) -> String {
    switch self {
    case .missing: "the program \(program) is not on the PATH"
    case .notStarted: "\(program) could not be started"
    case .timedOut: "\(program) took too long"
    case .stopped: "\(program) was stopped, for we are to stop"
    case .tooMuchOutput: "\(program) said more than can be taken"
    }
  }
}
