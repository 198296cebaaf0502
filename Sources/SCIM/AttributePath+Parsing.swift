extension AttributePath {
  /// A path by the grammar of RFC 7644 section 3.5.2: `emails[type eq "work"].value`.
  ///
  /// With a URN, the last colon ends the schema, so dots in it (`2.0`) are its own. A PATCH path that is the URN of a
  /// whole extension reads as `…:2.0` and `User`; `description` gives the URN back.
  /// Throws 400 `invalidPath`, or `invalidFilter` for a fault between the brackets.
  package init(parsing text: String) throws(SCIMError) {
    var parser = try FilterParser(text, limits: .standard, nameErrorKind: .invalidPath)
    self = try parser.parsePath()
    try parser.expectEnd(.invalidPath, insteadOf: "the end of the path")
  }
}

extension AttributePath: CustomStringConvertible {
  /// The path as it is written in a PATCH request or a filter.
  package var description: String {
    let name = (schema.map { "\($0):" } ?? "") + attribute
    return name + (valueFilter.map { "[\($0)]" } ?? "") + (subAttribute.map { ".\($0)" } ?? "")
  }
}
