import ArgumentParser

/// A Git repository as the source of the manifests.
struct SourceOptions: ParsableArguments {
  @Option(help: "Take the manifests from this Git repository: https://, ssh://, git@host:path or a path.")
  var git: String?

  @Option(help: "The branch to follow, or a full name such as refs/tags/v1. Default: main.")
  var ref: String?

  @Option(name: .customLong("path"), help: "The folder of the repository that holds the manifests. Default: all of it.")
  var directory: String?

  @Option(name: .customLong("git-interval"), help: "Between two looks at the repository: 30s, 5m. Default: 1m.")
  var interval: String?

  @Option(
    name: .customLong("git-credentials"),
    help: "Where user:password, or a token, is found: env:NAME or file:PATH. For https.")
  var credentials: String?

  @Option(name: .customLong("git-ssh-key"), help: "The private key for ssh.")
  var sshKey: String?

  @Option(name: .customLong("git-known-hosts"), help: "The host keys for ssh. Default: those of the user.")
  var knownHosts: String?

  @Option(
    name: .customLong("git-verify"),
    help: "Only take commits signed by a key in this allowed-signers file (ssh) or GnuPG home folder. Repeatable.")
  var verify: [String] = []

  @Option(name: .customLong("git-folder"), help: "Where mirror and checkouts are kept. Default: .rollcall/git.")
  var folder: String?

  @Option(
    name: .customLong("max-shrink"),
    help: "The share of the documents that a new version may lose before it waits for approval. Default: 50%.")
  var maxShrink: String?
}
