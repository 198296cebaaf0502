import Foundation
import JSON

/// A password as it is compared (RFC 8265 section 4.2, which RFC 7644 section 5 asks for): it is the same however a
/// keyboard composes its characters, and whichever of its spaces it gives.
enum OpaqueString {
  static func enforced(_ text: String) -> String {
    guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
    let spaced = text.unicodeScalars.map { $0.properties.generalCategory == .spaceSeparator ? " " : $0 }
    return String(String.UnicodeScalarView(spaced)).precomposedStringWithCanonicalMapping
  }
}

extension Directory {
  /// Whether the password is the one of the hash. Where there is none, to find that out takes as long.
  func verify(_ password: String, against hash: String?) async throws -> Bool {
    let enforced = OpaqueString.enforced(password)
    // Earlier releases hashed a password as it had been typed.
    for spelling in enforced.isExactly(password) ? [enforced] : [enforced, password] {
      if let hash {
        if await passwordHasher.verify(spelling, against: hash) { return true }
      } else {
        _ = try await passwordHasher.hash(spelling)
      }
    }
    return false
  }
}
