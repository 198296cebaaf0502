import ArgumentParser
import JSON
import Reconciliation
import Reports

struct EvidenceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evidence", abstract: "Prove that the journal is as it was written.",
    subcommands: [Verify.self, Head.self, Export.self])
}

extension EvidenceCommand {
  struct Verify: CommandBody {
    static let configuration = CommandConfiguration(
      commandName: "verify",
      abstract: "Walk the chain of hashes and say what was changed, removed, inserted or moved, and where.",
      discussion: "Exits 5 when the journal was tampered with.")
    static let formats = [ReportFormat.text, .json]

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    @Option(
      help: "A head that was noted elsewhere, as evidence head prints it: it must be a line of the journal still.")
    var expect: String?

    func run(in workspace: Workspace) async throws -> ExitStatus {
      let storage = try workspace.pastState(state)
      var audit = JournalAudit(noted: try expect.map(Self.hash))
      // A run may be writing: what came after the head was read is no concern of this walk.
      let head = try await storage.journalHead()
      try await storage.walkJournal(to: head.sequence) { audit.take($0) }
      let tail = try await storage.journal(after: head.sequence, limit: 1000)
      if try await storage.journalHead() == head { for row in tail { audit.take(row) } }
      audit.finish(head)
      let report = EvidenceReport(audit, head: head)
      workspace.show(text: report.text, json: report.json)
      return report.exit
    }

    private static func hash(_ noted: String) throws -> [UInt8] {
      let digits = noted.split(separator: ":").last.map { Array($0.utf8) } ?? []
      let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap { index in
        UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)
      }
      guard digits.count == 64, bytes.count == 32 else {
        throw CommandFailure(
          .usage, "--expect \"\(noted)\" is no head of a journal", hint: "note what rollcall evidence head prints")
      }
      return bytes
    }
  }

  struct Head: CommandBody {
    static let configuration = CommandConfiguration(
      commandName: "head", abstract: "Print where the journal ends, to be noted elsewhere.")
    static let formats = [ReportFormat.text, .json]

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run(in workspace: Workspace) async throws -> ExitStatus {
      let head = try await workspace.pastState(state).journalHead()
      workspace.show(text: head.label + "\n", json: head.json)
      return .success
    }
  }

  struct Export: CommandBody {
    static let configuration = CommandConfiguration(
      commandName: "export",
      abstract: "Print the journal, a JSON object a line, each with the SHA-256 of the line before as \"previous\".")
    static let formats = [ReportFormat.text]

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run(in workspace: Workspace) async throws -> ExitStatus {
      let storage = try workspace.pastState(state)
      try await storage.walkJournal(to: .max) { row in
        workspace.terminal.result(String(decoding: row.entry.document, as: UTF8.self) + "\n")
      }
      return .success
    }
  }
}

extension JournalStorage {
  /// Reads the journal in pieces, up to a line.
  func walkJournal(to end: Int, _ body: (JournalRow) throws -> Void) async throws {
    var last = 0
    while last < end {
      let rows = try await journal(after: last, limit: min(1000, end - last))
      guard let next = rows.last?.entry.sequence else { return }
      for row in rows where row.entry.sequence <= end { try body(row) }
      last = next
    }
  }
}

extension Workspace {
  /// Prints a result that is a text or JSON.
  func show(text: String, json: JSONValue) { terminal.result(format == .json ? json.text : text) }
}
