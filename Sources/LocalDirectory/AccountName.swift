import Foundation
import JSON
import SCIM

/// The names that people and applications sign in by.
package enum AccountName {
  /// In bytes: what is longer is no secret that anybody would hash.
  package static let longestSecret = 4096

  /// Whether an account may have the name, so that it is worth a search.
  package static func mayExist(_ name: String) -> Bool {
    name.utf8.count <= UserName.longest && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }

  /// Whether both are the name of one account: in whatever case, and by whichever of equivalent characters.
  package static func areSame(_ one: String, _ other: String) -> Bool { folded(one).isExactly(folded(other)) }

  /// The one spelling that all spellings of a name have in common: lower case, Unicode normalisation form C.
  package static func folded(_ name: String) -> String {
    let lowered = name.lowercased()
    return lowered.isASCII ? lowered : lowered.precomposedStringWithCanonicalMapping
  }

  /// The name of an account that somebody chooses, or that another system chooses for them; nil for one that none may be.
  /// Full width becomes plain, and what merely looks like another name is refused: spaces at the ends, other spaces than the
  /// usual one, and forms that Unicode keeps for compatibility (RFC 8265 section 3.3).
  package static func chosen(_ name: String) -> String? {
    guard UserName.objection(to: name) == nil else { return nil }
    let name = String(String.UnicodeScalarView(name.unicodeScalars.map(narrowed))).precomposedStringWithCanonicalMapping
    let isPlain = name.unicodeScalars.allSatisfy {
      $0 == " " || ![.spaceSeparator, .privateUse, .unassigned].contains($0.properties.generalCategory)
    }
    guard !name.isEmpty, isPlain, name.unicodeScalars.first != " ", name.unicodeScalars.last != " ",
      name.precomposedStringWithCompatibilityMapping.isExactly(name)
    else { return nil }
    return name
  }

  /// The forms of printable ASCII in full width, U+FF01 to U+FF5E, are in its order.
  private static func narrowed(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    guard (0xFF01...0xFF5E).contains(scalar.value) else { return scalar }
    return Unicode.Scalar(scalar.value - 0xFF01 + 0x21) ?? scalar
  }
}

extension ResourceWriter {
  /// - Throws: `SCIMError` 400 for a new user name that none may be. Accounts of earlier releases keep theirs.
  func checkName(_ resource: StoredResource, before: JSONObject) throws {
    guard rules.hasPassword, let name = resource.attributes["userName"]?.string,
      before["userName"]?.string?.isExactly(name) != true, let objection = UserName.objection(to: name)
    else { return }
    throw SCIMError(status: 400, .invalidValue, "userName \(objection).")
  }
}
