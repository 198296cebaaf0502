extension String {
  /// Whether both are the same but for case, as names of attributes are compared (RFC 7643 section 2.1). Names are ASCII
  /// nearly always, and nothing is made to compare those.
  package func isEqual(ignoringCase other: String) -> Bool {
    var (mine, others) = (utf8.makeIterator(), other.utf8.makeIterator())
    while true {
      switch (mine.next(), others.next()) {
      case (nil, nil): return true
      case (let a?, let b?):
        guard a < 0x80, b < 0x80 else { return lowercased() == other.lowercased() }
        if a != b, a.lowercaseASCII != b.lowercaseASCII { return false }
      // What follows an equal beginning may be a mark that belongs to its last letter, and is no less than a difference.
      case (nil, _?), (_?, nil): return false
      }
    }
  }
}

extension UInt8 {
  fileprivate var lowercaseASCII: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}
