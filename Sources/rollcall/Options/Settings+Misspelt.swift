import Manifests

extension Settings {
  /// Variables that are no options: the key of the store, and what the scripts of a repository that `init` makes read.
  private static let otherVariables: Set<String> = [
    SecretKeyFile.variable, "ROLLCALL_REPORTS", "ROLLCALL_BOT", "ROLLCALL_GITLAB_TOKEN",
  ]

  /// The variables of the environment that are most likely misspelt options, each with the one that is meant.
  ///
  /// Only those that are very near to one: manifests and scripts name theirs as they like.
  var misspeltVariables: [(name: String, meant: String)] {
    let options = Self.names.sorted()
    let known = Self.otherVariables.union(options.map(Self.variable))
    return environment.keys.filter { $0.hasPrefix(Self.prefix) && !known.contains($0) }.sorted().compactMap { name in
      let word = name.dropFirst(Self.prefix.count).lowercased().replacing("_", with: "-")
      return Spelling.nearest(to: word, among: options, atMost: 2).map { (name, Self.variable($0)) }
    }
  }
}
