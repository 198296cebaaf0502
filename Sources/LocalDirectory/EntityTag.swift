/// The entity tag of a resource: weak, because what is computed (groups, labels of members) is not counted
/// (RFC 7644 section 3.14, RFC 7232 section 2.3).
enum EntityTag {
  static func text(_ version: Int) -> String { "W/\"\(version)\"" }

  /// Whether an `If-Match` header allows a write to this version: absent, `*`, or a list that names it, compared
  /// weakly.
  static func allows(_ ifMatch: String?, version: Int) -> Bool {
    guard let ifMatch else { return true }
    let opaque = "\"\(version)\""
    return ifMatch.split(separator: ",").contains { part in
      let tag = part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
      return tag.elementsEqual("*") || tag.elementsEqual(opaque) || tag.elementsEqual("W/" + opaque)
    }
  }
}
