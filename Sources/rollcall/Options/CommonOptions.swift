import ArgumentParser
import Reports

/// Where the manifests are.
struct ManifestOptions: ParsableArguments {
  @Option(
    name: [.customShort("f"), .customLong("filename")],
    help:
      "A manifest, a folder of them, or - for standard input. Repeatable. Default: manifests/ when there is one, else the working folder."
  )
  var paths: [String] = []
}

/// Where results and progress go, and how they look.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: "text, or where the command knows it: json, md, html, junit, sarif, csv or prom.")
  var output: String?

  @Flag(name: .customLong("no-color"), help: "No colours. NO_COLOR in the environment does the same.")
  var noColor = false

  @Flag(name: .shortAndLong, help: "Nothing on standard error but errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "More on standard error.")
  var verbose = false

  @Option(name: .customLong("log-format"), help: "text or json.")
  var logFormat: String?

  /// What the command line asks for, the command must know; what the environment or the settings file prefers is for the
  /// commands that do.
  func format(_ settings: Settings, among known: [ReportFormat]) throws -> ReportFormat {
    guard let name = settings.string("output", output) else { return .text }
    let format = try ReportFormat(named: name)
    if known.contains(format) { return format }
    guard output != nil else { return .text }
    throw CommandFailure(
      .usage, "there is no such output here: \(name)",
      hint: known.count == 1 ? "only text" : "one of \(known.map(\.rawValue).joined(separator: ", "))")
  }
}

/// Where reports go beside standard output.
struct ReportOptions: ParsableArguments {
  @Option(
    name: .customLong("report"),
    help: "Write the report to a file as well: FORMAT=FILE, with the formats of --output. Repeatable.")
  var reports: [String] = []
}

/// Which part of the manifests and of the endpoints a command may touch.
struct SelectionOptions: ParsableArguments {
  @Option(
    name: [.customShort("l"), .customLong("selector")], help: "Only resources with these labels: key=value,key=value.")
  var selector: String?

  @Option(help: "Only resources of this kind. Repeatable.")
  var kind: [String] = []

  @Option(help: "Only this endpoint. Repeatable.")
  var endpoint: [String] = []

  @Option(help: "Only this resource: Kind/name. Repeatable.")
  var target: [String] = []

  @Flag(
    help:
      "Also disable and delete what we own and the manifests no longer name. In rollcall.yaml it does not hold for manifests that are given with -f."
  )
  var prune = false
}

/// The bounds of one run.
struct SafetyOptions: ParsableArguments {
  @Option(name: .customLong("max-deletes"), help: "The most deletes at an endpoint: a number or a share such as 5%.")
  var maxDeletes: String?

  @Option(
    name: .customLong("max-missing"),
    help: "How much of what is linked at an endpoint may be gone: a number or a share such as 80%.")
  var maxMissing: String?

  @Option(name: .customLong("max-calls"), help: "The most writes in this run.")
  var maxCalls: Int?

  @Option(help: "Requests in flight at each endpoint, instead of its limits.concurrency.")
  var parallelism: Int?
}

/// Who stands behind the change, for policies that ask for it.
struct EndorsementOptions: ParsableArguments {
  @Option(help: "How many have approved of the change.")
  var approvals: Int?

  @Option(
    help:
      "Who wrote the change: the name, userName or e-mail address of a User. Repeatable. Default: the author of the newest commit that touches the manifests."
  )
  var author: [String] = []
}

/// Where the commands remember what they own.
struct StateOptions: ParsableArguments {
  @Option(
    help:
      "Where the ledger and the journal are kept: an SQLite file or postgresql://user@host/database. Default: .rollcall/state.sqlite."
  )
  var state: String?
}
