import Controller
import Endpoints
import Foundation
import LocalDirectory
import Logging
import Manifests
import Reconciliation
import Reports
import SCIM
import Stores

/// The composition root of the commands: picks the concrete stores, drivers, clocks and streams.
struct Workspace: Sendable {
  let settings: Settings
  let terminal: Terminal
  let signals: Signals
  let format: ReportFormat
  let logger: Logger
  private let logFormat: LineLogHandler.Format
  let secrets: SecretResolver

  /// - Parameter formats: those that the command knows.
  init(_ output: OutputOptions, formats: [ReportFormat]) throws {
    let settings = try Settings(environment: ProcessInfo.processInfo.environment)
    self.settings = settings
    terminal = Terminal(
      noColor: try settings.bool("no-color", output.noColor), quiet: try settings.bool("quiet", output.quiet),
      environment: settings.environment)
    format = try output.format(settings, among: formats)
    signals = Signals()
    logFormat = try Self.logFormat(settings, output)
    logger = try Self.logger(as: logFormat, settings, output)
    secrets = try Self.secrets(settings)
    for variable in settings.misspeltVariables {
      warn("\(variable.name) is no option of rollcall; did you mean \(variable.meant)?")
    }
  }

  private static func logFormat(_ settings: Settings, _ output: OutputOptions) throws -> LineLogHandler.Format {
    let name = settings.string("log-format", output.logFormat) ?? "text"
    guard let format = LineLogHandler.Format(rawValue: name) else {
      throw CommandFailure(.usage, "unknown log format \"\(name)\"", hint: "one of text, json")
    }
    return format
  }

  private static func logger(
    as format: LineLogHandler.Format, _ settings: Settings, _ output: OutputOptions
  ) throws -> Logger {
    var logger = Logger(label: "rollcall") { _ in LineLogHandler(format: format) }
    let isVerbose = try settings.bool("verbose", output.verbose)
    logger.logLevel = isVerbose ? .debug : try settings.bool("quiet", output.quiet) ? .error : .info
    return logger
  }

  /// Says on standard error what whoever runs the command should change; a line of the log where machines read it.
  func warn(_ text: String) {
    switch logFormat {
    case .text: terminal.note("warning: \(text)")
    case .json: logger.warning("\(text)")
    }
  }

  @Sendable func now() -> Date { Date() }

  /// A name for a run that sorts by time.
  @Sendable func newRun() -> String {
    let stamp = now().formatted(
      Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day().time(includingFractionalSeconds: false)
        .timeSeparator(.omitted).dateSeparator(.omitted))
    return "\(stamp)-\(String(UInt32.random(in: 0...UInt32.max), radix: 16))"
  }

  // MARK: Manifests

  /// Reads and checks the manifests; paths that were not given are looked for.
  func compile(_ options: ManifestOptions) async throws -> Compilation {
    await compile(try paths(options))
  }

  @Sendable func compile(_ paths: [String]) async -> Compilation { await compile(contents(of: paths)) }

  func compile(_ contents: ManifestFolder.Contents) async -> Compilation {
    var compilation = await compiler.compile(contents.sources, parallelism: parallelism)
    compilation.validation.diagnostics += contents.diagnostics(with: compilation.documents)
    return compilation
  }

  /// Only checks the manifests.
  func validate(_ options: ManifestOptions) async throws -> Validation {
    let contents = contents(of: try paths(options))
    var validation = await compiler.validate(contents.sources, parallelism: parallelism)
    validation.diagnostics += contents.diagnostics(with: validation.documents)
    return validation
  }

  func compile(_ sources: [ManifestSource]) async -> Compilation {
    await compiler.compile(sources, parallelism: parallelism)
  }

  /// The manifest files, not yet read; paths that were not given are looked for.
  func manifestContents(_ options: ManifestOptions) throws -> ManifestFolder.Contents {
    contents(of: try paths(options))
  }

  private var compiler: ManifestCompiler { ManifestCompiler(variables: settings.environment) }
  private var parallelism: Int { ProcessInfo.processInfo.activeProcessorCount }

  func contents(of paths: [String]) -> ManifestFolder.Contents {
    let input = paths.contains("-") ? [UInt8](FileHandle.standardInput.readDataToEndOfFile()) : []
    return ManifestFolder.contents(of: paths, standardInput: input)
  }

  func paths(_ options: ManifestOptions) throws -> [String] {
    if !options.paths.isEmpty { return options.paths }
    if let named = settings.string("filename", nil) {
      guard named == "-" || FileManager.default.fileExists(atPath: named) else {
        throw CommandFailure(
          .usage,
          "\(settings.source(of: "filename")) says that the manifests are in \(named) (`filename`), and that is not there",
          hint: "correct it, make the folder, or name other manifests with -f")
      }
      return [named]
    }
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: "manifests", isDirectory: &isFolder)
    return [exists && isFolder.boolValue ? "manifests" : "."]
  }

  // MARK: Stores

  /// The ledgers, the journal and all else that the commands remember.
  func state(_ options: StateOptions) throws -> any StateStorage { try state(at: place(of: options)) }

  /// Has the state in one file before a process ends that kept it open.
  func settle(_ options: StateOptions) { (try? DirectoryPlace(place(of: options)))?.settle() }

  private func place(of options: StateOptions) -> String {
    settings.string("state", options.state) ?? Self.defaultState
  }

  /// What earlier commands remembered, for those that only look back: a mistyped name must not pass for a state in which
  /// nothing ever happened.
  func pastState(_ options: StateOptions) throws -> any StateStorage {
    let place = place(of: options)
    guard try PostgreSQLAddress(ofPlace: place) == nil else { return try state(at: place) }
    switch FileAccess(to: place) {
    case .possible: return try state(at: place)
    case .denied:
      throw CommandFailure(
        .unexpected, "the state at \(place) may not be read: permission denied",
        hint: "look back as the user whose runs wrote it")
    case .absent:
      throw CommandFailure(
        .usage, "there is no state at \(place)", hint: "apply and run make one; another is named with --state")
    }
  }

  static let defaultState = ".rollcall/state.sqlite"

  /// - Parameter place: an SQLite file or the address of a PostgreSQL database.
  func state(at place: String) throws -> any StateStorage {
    do {
      if let address = try PostgreSQLAddress(ofPlace: place) { return try PostgreSQLStateStore(address) }
      return try SQLiteStateStore(path: place)
    } catch let error as StoreError {
      throw CommandFailure(.unexpected, error.message)
    }
  }

  /// - Parameter place: as ``DirectoryPlace`` reads it.
  func directory(at place: String?) throws -> Directory {
    let place = place ?? DirectoryPlace.default
    return try directory(over: try store(at: place), at: place)
  }

  // MARK: Endpoints

  /// Opens one endpoint with its credentials; whoever asks for it closes it.
  @Sendable func open(_ declaration: EndpointDeclaration) async throws(EndpointError) -> any Endpoint {
    try await endpointFactory(for: declaration).endpoint(for: declaration)
  }

  /// Makes the endpoint of this declaration: its secrets are at hand.
  func endpointFactory(for declaration: EndpointDeclaration) async -> EndpointFactory {
    let values = await secrets.values(of: declaration.secrets)
    var factory = EndpointFactory(
      userAgent: "rollcall/\(Version.text)", now: now, secret: { try values.value(of: $0) },
      directory: { try await directory(at: $0.store).extended(by: $0.schemas) })
    factory.administrator = settings.administrator()
    return factory
  }
}
