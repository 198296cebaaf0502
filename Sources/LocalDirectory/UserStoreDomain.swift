/// Names as WSO2 Identity Server qualifies them, by the user store that they belong to: `SECONDARY/bob`.
///
/// The directory keeps the names of the primary store without its domain, and all others as they were sent: `PRIMARY/bob`
/// and `bob` are one person, `SECONDARY/bob` is another.
package enum UserStoreDomain {
  /// The store that a name without a domain belongs to.
  package static let primary = "PRIMARY"

  /// What stands between a domain and the name itself.
  static let separator = "/"

  /// The name as the directory keeps it: without `PRIMARY/`, in whatever case that was written.
  package static func kept(_ name: String) -> String {
    var rest = name[...]
    while isPrimary(rest) { rest = rest.dropFirst(primary.count + separator.count) }
    return String(rest)
  }

  /// The name as WSO2 shows that of a group: with `PRIMARY/` when it tells no other domain.
  package static func qualified(_ name: String) -> String {
    name.contains(separator) ? name : primary + separator + name
  }

  /// Whether the name says that it belongs to the primary store.
  static func isPrimary(_ name: some StringProtocol) -> Bool {
    name.prefix(primary.count + separator.count).uppercased() == primary + separator
  }
}

extension UserStoreDomain {
  /// The name as it is called in another user store: `SECONDARY/bob` of `bob`.
  package static func moved(_ name: String, to domain: String) -> String {
    let bare = kept(name).split(separator: "/", maxSplits: 1).last.map(String.init) ?? name
    return domain + separator + bare
  }
}
