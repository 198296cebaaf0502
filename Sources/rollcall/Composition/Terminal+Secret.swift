import Controller
import Foundation

extension Terminal {
  /// One line of standard input; on a terminal after a question, and without showing what is typed. nil at its end, and when
  /// the stop signal is raised.
  func secret(_ question: String, until stop: StopSignal) async -> String? {
    var settings = termios()
    guard isInteractive, tcgetattr(STDIN_FILENO, &settings) == 0 else { return await line(until: stop) }
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    defer {
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
      ask("\n")
    }
    ask(question)
    return await line(until: stop)
  }
}
