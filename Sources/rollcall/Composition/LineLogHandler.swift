import Foundation
import JSON
import LocalDirectory
import Logging

/// Logs on standard error, a line an event: `2026-11-23T10:00:00.125Z info pass endpoint=local …` or the same as JSON.
struct LineLogHandler: LogHandler {
  enum Format: String { case text, json }

  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .info
  private let format: Format

  init(format: Format) { self.format = format }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var pairs = event.metadata ?? [:]
    pairs.merge(metadata) { own, _ in own }
    let line =
      switch format {
      case .text: text(event, pairs)
      case .json: json(event, pairs)
      }
    // One call a line, so that lines of several threads do not mix.
    var bytes = Array(line.utf8)
    bytes.append(UInt8(ascii: "\n"))
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  private func text(_ event: LogEvent, _ metadata: Logger.Metadata) -> String {
    var line = "\(Timestamp.text(Date())) \(event.level.rawValue) \(event.message)"
    for key in metadata.keys.sorted() {
      let value = metadata[key].map(Self.text) ?? ""
      line += " \(key)="
      line += value.utf8.contains(where: Self.needsQuotes) ? JSONValue.string(value).text : value
    }
    return line
  }

  private func json(_ event: LogEvent, _ metadata: Logger.Metadata) -> String {
    var line: JSONObject = [
      "time": .string(Timestamp.text(Date())), "level": .string(event.level.rawValue),
      "message": .string("\(event.message)"),
    ]
    for key in metadata.keys.sorted() { line[key] = .string(metadata[key].map(Self.text) ?? "") }
    return JSONValue.object(line).text
  }

  private static func text(_ value: Logger.MetadataValue) -> String {
    if case .string(let text) = value { text } else { "\(value)" }
  }

  /// What would make a line hard to take apart: spaces, quotes, equals signs, and control characters.
  private static func needsQuotes(_ byte: UInt8) -> Bool {
    byte <= UInt8(ascii: " ") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "=") || byte == 0x7F
  }
}
