import ArgumentParser
import Foundation
import LocalDirectory
import Reports

/// What new passwords must be like.
struct PasswordOptions: ParsableArguments {
  @Option(name: .customLong("password-min-length"), help: "The fewest characters of a new password. Default: 6.")
  var minimumLength: Int?

  @Option(name: .customLong("password-max-length"), help: "The most characters of a new password. Default: 128.")
  var maximumLength: Int?

  @Option(
    name: .customLong("password-pattern"), help: "A regular expression that the whole of a new password must match.")
  var pattern: String?

  @Option(
    name: .customLong("refused-passwords"), help: "A file with passwords that nobody may have, one a line, in any case."
  )
  var refused: String?
}

extension Settings {
  /// - Parameter options: nil where the command has none of its own; then the environment and the settings file count.
  func passwordPolicy(_ options: PasswordOptions? = nil) throws -> PasswordPolicy {
    var policy = PasswordPolicy()
    policy.minimumLength = try value("password-min-length", options?.minimumLength) ?? policy.minimumLength
    policy.maximumLength = try value("password-max-length", options?.maximumLength) ?? policy.maximumLength
    guard policy.minimumLength > 0, policy.minimumLength <= policy.maximumLength else {
      throw CommandFailure(
        .usage, "no password can have \(policy.minimumLength) to \(policy.maximumLength) characters",
        hint: "--password-min-length must be above 0 and not above --password-max-length")
    }
    if let file = string("refused-passwords", options?.refused) { policy.refused = try Self.lines(of: file) }
    guard let pattern = string("password-pattern", options?.pattern) else { return policy }
    do {
      return try policy.requiring(pattern: pattern)
    } catch {
      throw CommandFailure(.usage, "--password-pattern is no regular expression: \(error)")
    }
  }

  private static func lines(of path: String) throws -> Set<String> {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw CommandFailure(.usage, "\(path) cannot be read as text")
    }
    return Set(text.split(whereSeparator: \.isNewline).map { $0.lowercased() })
  }
}
