import Reconciliation

extension [Diagnostic] {
  /// As text for a person, without a report around them.
  package func rendered(style: TextStyle) -> String {
    shownLines.map { $0.rendered(style) + "\n" }.joined()
  }

  /// As many as a person reads; what other programs read has all.
  private static let mostShown = 50

  /// The first of them, and how many more there are; a warning never keeps an error away.
  var shownLines: [StyledLine] {
    guard count > Self.mostShown else { return flatMap(\.lines) }
    let errors = enumerated().filter { $0.element.severity == .error }.map(\.offset)
    let others = enumerated().filter { $0.element.severity != .error }.map(\.offset)
    let shown = (errors + others).prefix(Self.mostShown).sorted()
    let left = count - shown.count
    let leftErrors = Swift.max(0, errors.count - Self.mostShown)
    let rest = StyledLine(
      "… and \(left.grouped) more, \(leftErrors.counted("error")) among them: rollcall validate -o json has all.")
    return shown.flatMap { self[$0].lines } + [rest]
  }
}

extension Diagnostic {
  /// As a compiler says it: place, severity, code and message; the line with a caret below; hint and notes.
  var lines: [StyledLine] {
    let head =
      StyledLine("\(location): ", .strong) + StyledLine("\(severity.rawValue)[\(code)]: ", tone)
      + StyledLine(message, .strong)
    return [head] + (sourceLine.map(excerpt) ?? []) + (hint.map { [StyledLine("  hint: \($0)")] } ?? [])
      + notes.map { note in
        StyledLine(note.location.map { "\($0): note: \(note.message)" } ?? "  note: \(note.message)")
      }
  }

  private var tone: TextStyle.Tone {
    switch severity {
    case .error: .bad
    case .warning: .warning
    case .note: .quiet
    }
  }

  /// Columns count Unicode scalars; the caret counts what is seen of them.
  private func excerpt(of sourceLine: String) -> [StyledLine] {
    let scalars = sourceLine.unicodeScalars
    let start = max(0, location.column - 1)
    let before = String(scalars.prefix(start))
    let marked = String(scalars.dropFirst(start).prefix(max(1, length)))
    let number = String(location.line)
    let margin = String(repeating: " ", count: number.count)
    let carets = String(repeating: "^", count: max(1, StyledLine(marked).width))
    return [
      StyledLine("  \(number) | ") + StyledLine(sourceLine),
      StyledLine("  \(margin) | ") + StyledLine("").padded(to: StyledLine(before).width) + StyledLine(carets, tone),
    ]
  }
}
