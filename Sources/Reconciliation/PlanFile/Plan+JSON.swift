import Crypto
import Foundation
import JSON
import Synchronization

extension Plan {
  private static var formatVersion: Int { 1 }

  /// Everything in the plan, so that it can be applied later: secrets only as references.
  package var json: JSONValue {
    .object(JSONObject(plan: [("formatVersion", Self.formatVersion), ("endpoints", endpoints)]))
  }

  /// A plan from its ``json``.
  /// - Throws: ``PlanFormatError`` for anything else, and for a plan whose secrets were written out in the manifests:
  ///   their values are not in the file.
  package init(json: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(json, of: "the plan")
    let version: Int = try fields("formatVersion")
    guard version == Self.formatVersion else {
      throw PlanFormatError(
        description: "the plan has format version \(version), and \(Self.formatVersion) is read here")
    }
    self.init(endpoints: try fields("endpoints"))
  }

  /// SHA-256 over the canonical JSON (RFC 8785), in hexadecimal. The moments that the ledger is to record, and
  /// those at which resources were changed at the endpoints, do not count:
  /// planning the same again a minute later gives the same hash. A large plan takes long to hash, so it is done once.
  package var hash: String {
    knownHash.value {
      var timeless = self
      for index in timeless.endpoints.indices { timeless.endpoints[index].forgetMoments() }
      return SHA256.hash(data: timeless.json.canonical()).hexadecimal
    }
  }
}

/// The hash of a plan and of its copies, as long as they are the same. It follows from the plan, so plans are equal whether or
/// not it is known.
final class KnownHash: Hashable, Sendable {
  private let text = Mutex<String?>(nil)

  func value(_ compute: () -> String) -> String {
    text.withLock { text in
      let known = text ?? compute()
      text = known
      return known
    }
  }

  static func == (one: KnownHash, other: KnownHash) -> Bool { true }

  func hash(into hasher: inout Hasher) {}
}

extension EndpointPlan {
  fileprivate mutating func forgetMoments() {
    modified = [:]
    for index in foreign.indices { foreign[index].modified = nil }
    for index in changes.indices { changes[index].ledgerEntry?.forgetMoments() }
    for index in adoptions.indices { adoptions[index].forgetMoments() }
  }
}

extension Ledger.Entry {
  fileprivate mutating func forgetMoments() {
    updatedAt = .distantPast
    disabledAt = disabledAt.map { _ in .distantPast }
  }
}
