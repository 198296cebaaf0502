import Foundation

/// `git`, run so that nothing but our arguments says what it does: no prompt, no hooks, no settings of the user or the
/// machine, no protocol beside the one that is asked for.
struct GitProgram: Sendable {
  /// Why git did not do what it was told, with what it said, less anything secret.
  struct Failure: Error, Hashable, CustomStringConvertible {
    let description: String
    /// What git said; empty when it could not even run.
    var complaint = ""
  }

  /// Of our own environment, what git and ssh need to find their way.
  private static let inherited = [
    "PATH", "HOME", "TMPDIR", "USER", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "http_proxy",
    "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY",
  ]
  /// Settings that come before those of a repository.
  private static let settings = [
    "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.attributesFile=/dev/null", "credential.helper=",
    "gc.auto=0", "maintenance.auto=false", "protocol.ext.allow=never", "submodule.recurse=false",
    "fetch.recurseSubmodules=no", "gpg.x509.program=false", "core.quotePath=false", "advice.detachedHead=false",
    "log.showSignature=false",
  ]

  private let environment: [String: String]
  /// Of one call, in seconds.
  var timeout: TimeInterval
  var stop: StopSignal?
  /// Whether the user's own settings count: for a working folder of theirs, which they may have to say is safe.
  var takesUserSettings = false

  /// - Parameter environment: ours, of which little is passed on.
  init(environment: [String: String], timeout: TimeInterval = 120, stop: StopSignal? = nil) {
    self.environment = environment
    self.timeout = timeout
    self.stop = stop
  }

  /// Runs a command that is to succeed.
  /// - Parameters:
  ///   - extra: more environment; what is secret is in here.
  ///   - protocols: what may be spoken: none by default.
  /// - Returns: its standard output.
  @discardableResult
  func output(
    _ arguments: [String], with extra: [String: String] = [:], protocols: String = ""
  ) async throws(Failure) -> Data {
    let answer = try await answer(arguments, with: extra, protocols: protocols)
    guard answer.status == 0 else {
      throw Failure(description: Self.sentence(answer, arguments), complaint: answer.complaint)
    }
    return answer.output
  }

  /// Runs a command whose exit status says something.
  func answer(
    _ arguments: [String], with extra: [String: String] = [:], protocols: String = ""
  ) async throws(Failure) -> Subprogram.Answer {
    var program = Subprogram("git", environment: surroundings(protocols).merging(extra) { $1 })
    program.timeout = timeout
    program.stop = stop
    do {
      return try await program.answer(Self.settings.flatMap { ["-c", $0] } + arguments)
    } catch {
      throw Failure(description: Self.sentence(error, timeout))
    }
  }

  private func surroundings(_ protocols: String) -> [String: String] {
    var values = environment.filter { Self.inherited.contains($0.key) }
    values["GIT_TERMINAL_PROMPT"] = "0"
    values["GIT_ASKPASS"] = "/bin/false"
    values["SSH_ASKPASS"] = "/bin/false"
    values["GIT_ALLOW_PROTOCOL"] = protocols.isEmpty ? "none" : protocols
    values["GIT_OPTIONAL_LOCKS"] = "0"
    values["GIT_NO_LAZY_FETCH"] = "1"
    values["LC_ALL"] = "C"
    guard !takesUserSettings else { return values }
    values["GIT_CONFIG_NOSYSTEM"] = "1"
    values["GIT_CONFIG_GLOBAL"] = "/dev/null"
    values["GIT_ATTR_NOSYSTEM"] = "1"
    return values
  }

  private static func sentence(_ answer: Subprogram.Answer, _ arguments: [String]) -> String {
    let lines = answer.complaint.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let fatal = lines.last { $0.hasPrefix("fatal: ") } ?? lines.last { $0.hasPrefix("error: ") } ?? lines.last
    return fatal ?? "git ended with exit code \(answer.status)"
  }

  private static func sentence(_ failure: Subprogram.Failure, _ timeout: TimeInterval) -> String {
    switch failure {
    case .missing: "the program git is not on the PATH: install it"
    case .notStarted: "the program git could not be started"
    case .timedOut: "git took longer than \(Int(timeout)) s"
    case .stopped: "git was stopped, for we are to stop"
    case .tooMuchOutput: "git said more than can be taken"
    }
  }
}
