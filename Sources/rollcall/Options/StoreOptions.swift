import ArgumentParser

/// Where the embedded directory is kept, for the commands about a server.
struct StoreOptions: ParsableArguments {
  @Option(
    help:
      "Where the directory is kept: an SQLite file or postgresql://user@host/database. Default: .rollcall/directory.sqlite."
  )
  var store: String?

  /// - Parameter parent: `serve` itself, which takes the option as well.
  func place(_ parent: ServeCommand, _ settings: Settings) -> String {
    settings.string("store", store ?? parent.store) ?? DirectoryPlace.default
  }

  /// For commands that stand by themselves.
  func place(_ settings: Settings) -> String { settings.string("store", store) ?? DirectoryPlace.default }
}
