/// What may be the name that a user signs in by (RFC 7644 section 5).
package enum UserName {
  /// In bytes: folding a name costs more than in proportion to its length.
  package static let longest = 1024

  /// Why no user may get the name; nil when one may. What nobody sees would make two names look like one (RFC 8265
  /// section 3.3).
  package static func objection(to name: String) -> String? {
    guard name.utf8.count <= longest else { return "must not be longer than \(longest) bytes" }
    return isVisible(name) ? nil : "must not have control characters or others that nobody sees"
  }

  private static func isVisible(_ name: String) -> Bool {
    // Nearly every name is of plain ASCII.
    if name.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return true }
    return name.unicodeScalars.allSatisfy { !unseen.contains($0.properties.generalCategory) }
  }

  private static let unseen: Set<Unicode.GeneralCategory> = [.control, .format, .lineSeparator, .paragraphSeparator]
}
