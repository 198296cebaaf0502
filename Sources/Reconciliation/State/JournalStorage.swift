/// Reads the journal, which is only ever appended to.
package protocol JournalStorage: Sendable {
  /// Where the journal is said to end, kept apart from its lines.
  func journalHead() async throws -> JournalHead
  /// Lines in their order, from the first whose number is greater.
  func journal(after sequence: Int, limit: Int) async throws -> [JournalRow]
  /// All lines of one run.
  func journal(of run: String) async throws -> [JournalRow]
  /// The names of all runs, the latest first.
  func runs() async throws -> [String]
  /// The lines that runs begin and end with.
  func frames() async throws -> [JournalRow]
  /// The lines of what people decided beside the runs.
  func decisions() async throws -> [JournalRow]
  /// The intents on resources of a kind.
  /// - Parameter name: nil for all of the kind.
  func intents(on kind: String, named name: String?) async throws -> [JournalRow]
}

/// A line of the journal with what stands beside it to find it by.
package struct JournalRow: Hashable, Sendable {
  package var entry: JournalEntry
  package var labels: Labels

  /// Copies of what the document says.
  package struct Labels: Hashable, Sendable {
    package var type: String
    /// Empty for what belongs to none.
    package var run: String
    /// Milliseconds since 1970.
    package var time: Int
    package var endpoint: String?
    package var kind: String?
    package var name: String?

    package init(
      type: String, run: String, time: Int, endpoint: String? = nil, kind: String? = nil, name: String? = nil
    ) {
      self.type = type
      self.run = run
      self.time = time
      self.endpoint = endpoint
      self.kind = kind
      self.name = name
    }

    package init(_ line: JournalLine) {
      self.init(type: line.type, run: line.run, time: line.time.milliseconds)
      switch line {
      case .begun, .ended: break
      case .change(let record): (endpoint, kind, name) = (record.endpoint, record.key.kind, record.key.name)
      case .decision(let decision): (endpoint, kind, name) = (decision.endpoint, decision.key?.kind, decision.key?.name)
      }
    }
  }

  package init(entry: JournalEntry, labels: Labels) {
    self.entry = entry
    self.labels = labels
  }
}

/// All that the state of a controller is kept in.
package typealias StateStorage = LedgerStorage & JournalStorage & LeaseStorage & ConvergenceRecords
