/// The entity tag of a resource: weak, because what is computed (groups, labels of members) is not counted
/// (RFC 7644 section 3.14, RFC 7232 section 2.3).
package enum EntityTag {
  static func text(_ version: Int) -> String { "W/\"\(version)\"" }

  /// Whether the headers allow a write to this version: `If-Match` is absent or names it, `If-None-Match` is absent or
  /// does not.
  static func allows(_ ifMatch: String?, unless ifNoneMatch: String? = nil, version: Int) -> Bool {
    let tag = text(version)
    return (ifMatch.map { isNamed(tag, in: $0) } ?? true) && !(ifNoneMatch.map { isNamed(tag, in: $0) } ?? false)
  }

  /// Whether a header is `*` or a list with this tag (RFC 7232 sections 3.1 and 3.2), compared weakly.
  package static func isNamed(_ tag: String, in header: String) -> Bool {
    header.split(separator: ",").contains { part in
      let named = part.filter { $0 != " " }
      return named == "*" || opaque(named) == opaque(tag)
    }
  }

  /// The tag without the mark of weakness.
  private static func opaque(_ tag: String) -> Substring { tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...] }
}
