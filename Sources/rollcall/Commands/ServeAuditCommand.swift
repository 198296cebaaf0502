import ArgumentParser
import Foundation
import IdentityServer
import JSON
import LocalDirectory
import Manifests
import Reports
import SCIM

struct ServeAuditCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Show who changed what, and which logins were refused, oldest first.",
    discussion: "Example: rollcall serve audit --since 7d --type User -o json")
  static let formats = [ReportFormat.text, .json]

  @Option(help: "From this time on: 2026-11-23, 2026-11-23T09:30:00Z, or so long ago: 7d, 12h.")
  var since: String?

  @Option(help: "Before this time, written in the same ways.")
  var until: String?

  @Option(help: "Only what somebody did whose name holds this: user:admin, client:playground, token:ci.")
  var actor: String?

  @Option(help: "Only changes of resources of this type: User, Group, ….")
  var type: String?

  @Option(help: "Only changes of the resource with this id.")
  var id: String?

  @OptionGroup var storage: StoreOptions
  @ParentCommand var parent: ServeCommand
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let start = try time("--since", since, workspace.now())
    let end = try time("--until", until, workspace.now())
    let path = storage.place(parent, workspace.settings)
    let store = try workspace.store(at: path)
    let entries = AuditEntries(
      directory: try workspace.directory(over: store, at: path), log: store, start: start, end: end, actor: actor,
      type: type, id: id)
    var list = AuditList(isJSON: workspace.format == .json, terminal: workspace.terminal)
    list.begin()
    try await entries.forEach { list.add($0) }
    list.end()
    return .success
  }

  private func time(_ option: String, _ text: String?, _ now: Date) throws -> Date? {
    guard let text else { return nil }
    if let seconds = DurationText.seconds(text) { return now.addingTimeInterval(-TimeInterval(seconds)) }
    guard let date = ManifestTime.date(text) else {
      throw CommandFailure(
        .usage, "\(option) cannot be \"\(text)\"", hint: "a date, a time such as 2026-11-23T09:30:00Z, or 7d")
    }
    return date
  }
}

/// What the audit is asked for, in the order of time. Changes are read in pages; of accesses only so many are kept.
struct AuditEntries {
  private static let pageSize = 500

  let directory: Directory
  let log: any AccessLog
  let start: Date?
  let end: Date?
  let actor: String?
  let type: String?
  let id: String?

  func forEach(_ visit: (AuditEntry) -> Void) async throws {
    var accesses = try await accesses()[...]
    var sequence = 0
    while true {
      let page = try await directory.events(after: sequence, limit: Self.pageSize)
      guard let last = page.last else { break }
      sequence = last.sequence
      for change in try await changes(in: page) {
        while let access = accesses.first, access.time <= change.event.time { visit(.access(accesses.removeFirst())) }
        visit(.change(change))
      }
    }
    for access in accesses { visit(.access(access)) }
  }

  /// Of the resources that a wanted event is about all events are read, for each tells what the one before made.
  private func changes(in page: [DirectoryEvent]) async throws -> [DirectoryChange] {
    let ids = Set(page.lazy.filter(isWanted).map(\.id))
    guard !ids.isEmpty else { return [] }
    return try await directory.changes(page.filter { ids.contains($0.id) }).filter { isWanted($0.event) }
  }

  /// Only when nothing asks for changes of certain resources.
  private func accesses() async throws -> [AccessEvent] {
    guard type == nil, id == nil else { return [] }
    return try await log.accessEvents(after: 0, limit: AccessLogLimits.capacity).filter { isWanted($0.time, $0.author) }
  }

  private func isWanted(_ event: DirectoryEvent) -> Bool {
    isWanted(event.time, event.author) && (id.map { $0 == event.id } ?? true)
      && (type.map { $0.lowercased() == event.resourceType.lowercased() } ?? true)
  }

  private func isWanted(_ time: Date, _ author: Author) -> Bool {
    (start.map { time >= $0 } ?? true) && (end.map { time < $0 } ?? true)
      && (actor.map { author.name.lowercased().contains($0.lowercased()) } ?? true)
  }
}

/// The audit on its way to standard output: lines, or one JSON array.
private struct AuditList {
  let isJSON: Bool
  let terminal: Terminal
  private var isEmpty = true

  init(isJSON: Bool, terminal: Terminal) {
    self.isJSON = isJSON
    self.terminal = terminal
  }

  func begin() {
    if isJSON { terminal.result("[") }
  }

  mutating func add(_ entry: AuditEntry) {
    guard isJSON else { return terminal.result(AuditText.line(entry)) }
    terminal.result((isEmpty ? " " : ",") + JSONValue.object(entry.json).text)
    isEmpty = false
  }

  func end() {
    if isJSON { terminal.result("]") }
  }
}
