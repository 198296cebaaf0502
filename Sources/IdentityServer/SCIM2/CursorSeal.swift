import Crypto
import Foundation
import JSON
import LocalDirectory
import SCIM

/// Makes cursors of positions and positions of cursors (RFC 9865 section 2).
///
/// A cursor holds all that the next page needs, encrypted and bound to its query, so the server keeps nothing and nobody
/// else can make one or read what the resources were sorted by. It does not expire, but is worth nothing to a server
/// with another key.
struct CursorSeal: Sendable {
  private let key: SymmetricKey

  /// - Parameter secret: what servers share that answer for one another; nil makes a key for this process.
  init(_ secret: [UInt8]?) {
    key = secret.map { SymmetricKey(data: SHA256.hash(data: $0)) } ?? SymmetricKey(size: .bits256)
  }

  /// - Parameters:
  ///   - count: what the client asked for; nil when it did not say.
  ///   - query: what else the next request must ask for again, as text.
  func cursor(_ position: ListPosition, count: Int?, of query: String) throws -> String {
    let content = JSONValue.array([count.map { .number(JSONNumber($0)) } ?? .null, position.json]).serialized()
    let box = try AES.GCM.seal(content, using: key, authenticating: Data(query.utf8))
    return Self.unreserved((box.nonce + box.ciphertext + box.tag).base64EncodedString())
  }

  /// - Throws: `SCIMError` 400 invalidCursor for what is no cursor of ours or one of another query, invalidCount when the
  ///   client asks for another number of resources than before.
  func position(_ cursor: String, count: Int?, of query: String) throws(SCIMError) -> ListPosition {
    guard let parts = open(cursor, query)?.array, parts.count == 2, let position = ListPosition(parts[1]) else {
      throw SCIMError(
        status: 400, .invalidCursor,
        "This is no cursor for this query: take nextCursor as it is, and repeat the query, or begin with an empty cursor."
      )
    }
    guard parts[0].int == count else {
      throw SCIMError(status: 400, .invalidCount, "count must stay what it was in the first request of this query.")
    }
    return position
  }

  private func open(_ cursor: String, _ query: String) -> JSONValue? {
    guard let bytes = Data(base64Encoded: Self.reserved(cursor)), let box = try? AES.GCM.SealedBox(combined: bytes),
      let content = try? AES.GCM.open(box, using: key, authenticating: Data(query.utf8))
    else { return nil }
    return try? JSONValue(parsing: content)
  }

  /// The alphabet of RFC 4648 section 5 without padding: characters that no URL escapes.
  private static func unreserved(_ base64: String) -> String {
    base64.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  private static func reserved(_ text: String) -> String {
    let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    return text.replacing("-", with: "+").replacing("_", with: "/") + padding
  }
}
