import Foundation

extension Terminal {
  /// One line of standard input; on a terminal after a question, and without showing what is typed. nil at its end.
  func secret(_ question: String) -> String? {
    guard isInteractive else { return readLine() }
    var settings = termios()
    guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return readLine() }
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    defer {
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
      ask("\n")
    }
    ask(question)
    return readLine()
  }

  private func ask(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
