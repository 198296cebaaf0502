import Controller
import Foundation
import Reports

/// The streams of this process: results on standard output, everything else on standard error.
struct Terminal: Sendable {
  let style: TextStyle
  let isQuiet: Bool
  let showsProgress: Bool
  let isInteractive: Bool
  private let output = StandardOutput()

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
    result(Array((text.utf8.last == UInt8(ascii: "\n") ? text : text + "\n").utf8))
  }

  func result(_ bytes: [UInt8]) { output.write(bytes) }

  /// Why standard output did not take all results; nil when it did.
  var outputProblem: String? { output.problem }

  func note(_ text: String) {
    if !isQuiet { Self.write(text + "\n") }
  }

  static func error(_ text: String) { write("error: \(text)\n") }

  /// Text for standard error that is no sentence of ours, such as faults with their places.
  static func show(_ text: String) { write(text) }

  static func warning(_ text: String) { write("warning: \(text)\n") }

  /// A line that the next one overwrites; only on a terminal.
  func progress(_ text: String) {
    if showsProgress { Self.write("\r\u{1B}[K\(text)") }
  }

  func endProgress() {
    if showsProgress { Self.write("\r\u{1B}[K") }
  }

  /// Asks a question; only `y` and `yes` agree.
  /// - Returns: nil when the stop signal was raised instead of an answer.
  func confirm(_ question: String, until stop: StopSignal) async -> Bool? {
    ask("\(question) [y/N] ")
    let answer = await line(until: stop)
    return stop.isRaised ? nil : ["y", "yes"].contains(answer?.lowercased() ?? "")
  }

  func ask(_ text: String) { Self.write(text) }

  /// One line of standard input; nil at its end, and when the stop signal is raised before there is one.
  ///
  /// It looks again and again instead of waiting in the read, which no signal ends: Ctrl-C is to be heard here, too.
  func line(until stop: StopSignal) async -> String? {
    while !stop.isRaised {
      var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      if poll(&input, 1, 0) != 0 { return readLine() }
      do { try await Task.sleep(for: .milliseconds(50)) } catch { return nil }
    }
    return nil
  }

  /// Nobody can be told that standard error is closed.
  private static func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  private static func width(_ environment: [String: String]) -> Int? {
    environment["COLUMNS"].flatMap(Int.init).map { max(60, min($0, 160)) }
  }
}
