import ArgumentParser
import Controller
import Foundation
import Manifests
import Reconciliation
import Reports

struct DriftAcknowledgeCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "acknowledge", abstract: "Live with findings until a date: they do not count until then.",
    discussion: "An acknowledgement ends at its date, and when the finding goes away or changes again.")
  static let formats = [ReportFormat.text, .json]

  @OptionGroup var findings: FindingOptions
  @ParentCommand var parent: DriftCommand
  @OptionGroup var output: OutputOptions

  @Option(help: "When it ends: 2026-12-31, or 2026-12-31T18:00:00Z. At most a year away.")
  var until: String

  @Option(help: "Why, for whoever reads the report.")
  var reason: String

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let now = workspace.now()
    let acknowledgement = Acknowledgement(
      until: try end(after: now), reason: try checkedReason(), by: workspace.author(verb: "drift").actor, at: now)
    return try await findings.acknowledge(acknowledgement, in: workspace, parent)
  }

  private func end(after now: Date) throws -> Date {
    guard let end = ManifestTime.date(until) else {
      throw CommandFailure(
        .usage, "--until \"\(until)\" is no date", hint: "write it as 2026-12-31 or 2026-12-31T18:00:00Z")
    }
    guard end > now else { throw CommandFailure(.usage, "--until \(until) has passed") }
    let latest = now.addingTimeInterval(Double(Acknowledgement.longest) * 86_400)
    guard end <= latest else {
      throw CommandFailure(
        .usage, "--until \(until) is too far away: an acknowledgement lasts a year at most",
        hint: "it can be renewed; now it can last until \(latest.formatted(.iso8601.year().month().day()))")
    }
    return end
  }

  private func checkedReason() throws -> String {
    let text = reason.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !text.isEmpty else {
      throw CommandFailure(.usage, "--reason is empty: say why, for whoever reads the report")
    }
    guard text.count <= Acknowledgement.longestReason else {
      throw CommandFailure(.usage, "--reason is longer than \(Acknowledgement.longestReason) characters")
    }
    return text
  }
}

struct DriftUnacknowledgeCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "unacknowledge", abstract: "Take an acknowledgement back: the findings count again.")
  static let formats = [ReportFormat.text, .json]

  @OptionGroup var findings: FindingOptions
  @ParentCommand var parent: DriftCommand
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    try await findings.acknowledge(nil, in: workspace, parent)
  }
}

/// Which of the remembered findings are meant, and where they are remembered.
struct FindingOptions: ParsableArguments {
  @Argument(help: "The first digits of a fingerprint, as drift shows it, or Kind/name for all findings of a resource.")
  var finding: String

  @Option(help: "Only at this endpoint. Repeatable.")
  var endpoint: [String] = []

  @OptionGroup var state: StateOptions

  private static let fewestDigits = 4

  /// Acknowledges each of the findings, or takes that back, and shows how they are then.
  func acknowledge(
    _ acknowledgement: Acknowledgement?, in workspace: Workspace, _ parent: DriftCommand
  ) async throws -> ExitStatus {
    let actor = workspace.author(verb: "drift").actor
    let keeper = try workspace.driftKeeper(state, parent)
    let memories = try await keeper.memories().filter { endpoint.isEmpty || endpoint.contains($0.key) }
    var changed: [DriftRecord] = []
    for (endpoint, fingerprints) in try chosen(among: memories).sorted(by: { $0.key < $1.key }) {
      changed += try await keeper.acknowledge(fingerprints, at: endpoint, acknowledgement, by: actor)
    }
    workspace.show(changed)
    return .success
  }

  /// The fingerprints by endpoint.
  private func chosen(among memories: [String: DriftMemory]) throws -> [String: [String]] {
    let all = memories.values.flatMap(\.records.values)
    let found = try ResourceKey(finding).map { key in all.filter { $0.finding.key == key } } ?? prefixed(all)
    guard !found.isEmpty else {
      throw CommandFailure(
        .usage, "no finding is remembered that is called \"\(finding)\"",
        hint:
          "rollcall drift list shows them; what a run of drift, apply or the controller has not seen is not among them")
    }
    return Dictionary(grouping: found, by: \.finding.endpoint).mapValues { $0.map(\.fingerprint).sorted() }
  }

  private func prefixed(_ records: [DriftRecord]) throws -> [DriftRecord] {
    let digits = finding.lowercased()
    guard digits.count >= Self.fewestDigits, digits.allSatisfy(\.isHexDigit) else {
      throw CommandFailure(
        .usage, "\"\(finding)\" is neither a fingerprint of at least \(Self.fewestDigits) digits nor Kind/name",
        hint: "for example 1f2e3d4c, or User/alice")
    }
    let found = records.filter { $0.fingerprint.hasPrefix(digits) }
    guard found.count <= 1 else {
      throw CommandFailure(.usage, "\(found.count) findings begin with \(digits)", hint: "give more digits")
    }
    return found
  }
}
