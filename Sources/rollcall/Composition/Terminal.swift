import Foundation
import Reports

/// The streams of this process: results on standard output, everything else on standard error.
struct Terminal: Sendable {
  let style: TextStyle
  let isQuiet: Bool
  let showsProgress: Bool
  let isInteractive: Bool

  init(noColor: Bool, quiet: Bool, environment: [String: String]) {
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let mayColor = !noColor && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    style = TextStyle(colors: isTerminal && mayColor, width: Self.width(environment) ?? 100)
    isQuiet = quiet
    showsProgress = !quiet && isatty(STDERR_FILENO) == 1
    isInteractive = isatty(STDIN_FILENO) == 1
  }

  /// Ends with a line break, which may be a CR LF: to a `String`, that is another character.
  func result(_ text: String) {
    Self.write(text.utf8.last == UInt8(ascii: "\n") ? text : text + "\n", to: .standardOutput)
  }

  func note(_ text: String) {
    if !isQuiet { Self.write(text + "\n", to: .standardError) }
  }

  static func error(_ text: String) { Self.write("error: \(text)\n", to: .standardError) }

  /// Text for standard error that is no sentence of ours, such as faults with their places.
  static func show(_ text: String) { write(text, to: .standardError) }

  /// A line that the next one overwrites; only on a terminal.
  func progress(_ text: String) {
    if showsProgress { Self.write("\r\u{1B}[K\(text)", to: .standardError) }
  }

  func endProgress() {
    if showsProgress { Self.write("\r\u{1B}[K", to: .standardError) }
  }

  /// Asks a question; only `y` and `yes` agree.
  func confirm(_ question: String) -> Bool {
    Self.write("\(question) [y/N] ", to: .standardError)
    return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
  }

  /// A reader that went away (`rollcall plan | head`) is no reason to complain.
  private static func write(_ text: String, to handle: FileHandle) {
    try? handle.write(contentsOf: Data(text.utf8))
  }

  private static func width(_ environment: [String: String]) -> Int? {
    environment["COLUMNS"].flatMap(Int.init).map { max(60, min($0, 160)) }
  }
}
