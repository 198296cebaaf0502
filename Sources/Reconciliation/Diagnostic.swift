/// A fault that the author of a manifest can mend, with its place and, where we know one, a way out.
package struct Diagnostic: Hashable, Sendable {
  package enum Severity: String, Sendable, Comparable {
    case error, warning, note

    private var rank: Int {
      switch self {
      case .error: 0;
      case .warning: 1;
      case .note: 2
      }
    }
    package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
  }

  /// Another place that belongs to the fault: the first of two duplicates, the next member of a cycle.
  package struct Note: Hashable, Sendable {
    package var message: String
    package var location: SourceLocation?

    package init(_ message: String, at location: SourceLocation? = nil) {
      self.message = message
      self.location = location
    }
  }

  package var severity: Severity
  /// Stable: `M` and three digits; documented, and the rule id in SARIF.
  package var code: String
  package var message: String
  package var location: SourceLocation
  /// How many columns the caret underlines; at least 1.
  package var length: Int
  /// The line of the manifest that `location` names, without its line end; nil when there is none to show.
  package var sourceLine: String?
  /// What to do about it.
  package var hint: String?
  package var notes: [Note]

  package init(
    _ severity: Severity = .error, _ code: String, _ message: String, at location: SourceLocation, length: Int = 1,
    sourceLine: String? = nil, hint: String? = nil, notes: [Note] = []
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.location = location
    self.length = length
    self.sourceLine = sourceLine
    self.hint = hint
    self.notes = notes
  }
}
