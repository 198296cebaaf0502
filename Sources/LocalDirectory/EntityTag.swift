/// The entity tag of a resource: weak, because what is computed (groups, labels of members) is not counted
/// (RFC 7644 section 3.14, RFC 7232 section 2.3).
enum EntityTag {
  static func text(_ version: Int) -> String { "W/\"\(version)\"" }

  /// Whether the headers allow a write to this version: `If-Match` is absent or names it, `If-None-Match` is absent or
  /// does not.
  static func allows(_ ifMatch: String?, unless ifNoneMatch: String? = nil, version: Int) -> Bool {
    (ifMatch.map { names($0, version) } ?? true) && !(ifNoneMatch.map { names($0, version) } ?? false)
  }

  /// Whether a header is `*` or a list that names the version, compared weakly.
  private static func names(_ header: String, _ version: Int) -> Bool {
    let opaque = "\"\(version)\""
    return header.split(separator: ",").contains { part in
      let tag = part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
      return tag.elementsEqual("*") || tag.elementsEqual(opaque) || tag.elementsEqual("W/" + opaque)
    }
  }
}
