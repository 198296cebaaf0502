import Controller
import Foundation
import Manifests
import Reconciliation
import Reports
import SCIM

extension Pass {
  static func options(
    _ settings: Settings, _ manifests: ManifestOptions, _ selection: SelectionOptions, _ safety: SafetyOptions,
    _ endorsement: Endorsement = Endorsement()
  ) throws -> Reconciler.Options {
    func limit(_ name: String, _ given: String?) throws -> SafetyLimits.Limit? {
      try settings.string(name, given).map { text in
        guard let limit = SafetyLimits.Limit(text) else {
          throw CommandFailure(.usage, "--\(name) cannot be \"\(text)\"", hint: "a number, or a share such as 5%")
        }
        return limit
      }
    }
    return Reconciler.Options(
      prune: try selection.prunes(settings, manifests), selection: try selection.selection(settings),
      guardrails: Guardrail.standard(
        maxDeletes: try limit("max-deletes", safety.maxDeletes),
        maxMissing: try limit("max-missing", safety.maxMissing),
        maxCalls: try settings.value("max-calls", safety.maxCalls), endorsement: endorsement))
  }

  static func chosen(_ declared: [EndpointDeclaration], _ selection: Selection) throws -> [EndpointDeclaration] {
    guard let wanted = selection.endpoints else { return declared }
    let known = Set(declared.map(\.name))
    if let stranger = wanted.subtracting(known).sorted().first {
      throw CommandFailure(
        .usage, "there is no endpoint \"\(stranger)\" in the manifests",
        hint: "there is \(known.sorted().joined(separator: ", "))")
    }
    return declared.filter { wanted.contains($0.name) }
  }

  /// A mistyped name must not pass for a part in which there is nothing to do.
  /// - Throws: ``CommandFailure`` for a kind, or a resource, that neither manifests nor ledger know, and for a label that no
  ///   manifest has.
  static func check(_ selection: Selection, _ desired: DesiredState, _ ledgers: any LedgerStorage) async throws {
    try check(labels: selection.matchLabels, desired)
    guard selection.kinds != nil || selection.targets != nil else { return }
    var keys = Set(desired.resources.map(\.key))
    for endpoint in desired.endpoints { keys.formUnion(try await ledgers.ledger(of: endpoint.name).entries.keys) }
    let kinds = Set(SchemaCatalog.standard.resourceTypes.map(\.name))
      .union(keys.map(\.kind)).union(desired.endpoints.flatMap { $0.scope.kinds ?? [] })
    if let stranger = selection.kinds?.subtracting(kinds).min() {
      throw CommandFailure(
        .usage, "there is no kind \"\(stranger)\" here", hint: "there is \(kinds.sorted().joined(separator: ", "))")
    }
    if let stranger = selection.targets?.subtracting(keys).min() {
      throw CommandFailure(
        .usage, "\(stranger) is in no manifest and in no ledger",
        hint: Spelling.hint(for: "\(stranger)", among: keys.sorted().map(\.description)))
    }
  }

  /// That nobody has a value any more may well be; that nobody has the label at all is a slip.
  private static func check(labels: [String: String], _ desired: DesiredState) throws {
    guard !labels.isEmpty else { return }
    let known = Set(desired.resources.flatMap(\.labels.keys))
    if let stranger = Set(labels.keys).subtracting(known).min() {
      throw CommandFailure(
        .usage, "no manifest has the label \"\(stranger)\"", hint: Spelling.hint(for: stranger, among: known.sorted()))
    }
  }

  /// Says what stays only because the settings file does not speak of these manifests.
  func noteLeftOutPrune(in plan: Plan) {
    let staying = plan.endpoints.reduce(0) { $0 + $1.withheld.count { [.unmanaged, .foreign].contains($0.situation) } }
    guard isPruneLeftOut, staying > 0 else { return }
    workspace.terminal.note(
      "note: \(staying) that these manifests do not name stay: `prune` of \(ManifestFolder.settingsFile) does not hold for "
        + "manifests that are given with -f; say --prune to remove them")
  }
}

extension SafetyOptions {
  func parallelism(_ settings: Settings) throws -> Int? {
    let value = try settings.value("parallelism", parallelism)
    if let value, value < 1 { throw CommandFailure(.usage, "--parallelism must be at least 1") }
    return value
  }
}

extension SelectionOptions {
  func selection(_ settings: Settings) throws -> Selection {
    Selection(
      kinds: settings.list("kind", kind), matchLabels: try labels(settings.string("selector", selector)),
      targets: try Self.keys(settings.list("target", target)), endpoints: settings.list("endpoint", endpoint))
  }

  /// Whether what the manifests no longer name is removed.
  func prunes(_ settings: Settings, _ manifests: ManifestOptions) throws -> Bool {
    try settings.bool("prune", prune) && !isPruneLeftOut(settings, manifests)
  }

  /// `prune` of the settings file is about the manifests of every run. Whoever names others with -f may name a part, and
  /// would lose the rest: there, it is to be said on the command line.
  func isPruneLeftOut(_ settings: Settings, _ manifests: ManifestOptions) throws -> Bool {
    try !prune && !manifests.paths.isEmpty && settings.isInFile("prune") && settings.bool("prune", false)
  }

  private func labels(_ selector: String?) throws -> [String: String] {
    guard let selector, !selector.isEmpty else { return [:] }
    return try selector.split(separator: ",", omittingEmptySubsequences: false).reduce(into: [:]) { labels, term in
      let parts = term.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, !parts[0].hasSuffix("!"), !parts[1].hasPrefix("=") else {
        throw CommandFailure(
          .usage, "the selector term \"\(term)\" is not key=value", hint: "for example team=platform,tier=2")
      }
      guard labels.updateValue(parts[1], forKey: parts[0]) == nil else {
        throw CommandFailure(.usage, "the selector names the label \"\(parts[0])\" twice")
      }
    }
  }

  static func keys(_ targets: Set<String>?) throws -> Set<ResourceKey>? {
    guard let targets else { return nil }
    return Set(
      try targets.map { text in
        guard let key = ResourceKey(text) else {
          throw CommandFailure(.usage, "the target \"\(text)\" is not Kind/name", hint: "for example User/alice")
        }
        return key
      })
  }
}

extension Reconciler.Options {
  /// The options that decide what a plan is about, as the command line gives them, in one order.
  var arguments: [String] {
    func each(_ name: String, _ values: [String]?) -> [String] { (values ?? []).sorted().map { "\(name) \($0)" } }
    let labels = selection.matchLabels.map { "\($0)=\($1)" }.sorted()
    return each("--kind", selection.kinds.map(Array.init))
      + each("--selector", labels.isEmpty ? nil : [labels.joined(separator: ",")])
      + each("--target", selection.targets?.map(\.description))
      + each("--endpoint", selection.endpoints.map(Array.init))
      + (prune ? ["--prune"] : [])
  }
}
