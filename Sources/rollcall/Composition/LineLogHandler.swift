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
    var line =
      switch format {
      case .text: text(event)
      case .json: json(event)
      }
    line.append(UInt8(ascii: "\n"))
    // One call a line, so that lines of several threads do not mix.
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// What the event and the logger tell beside the message, by key; of two with one key that of the event.
  private func pairs(_ event: LogEvent) -> [(key: String, value: Logger.MetadataValue)] {
    let own = event.metadata ?? [:]
    var pairs: [(key: String, value: Logger.MetadataValue)] = []
    pairs.reserveCapacity(own.count + metadata.count)
    for (key, value) in own { pairs.append((key, value)) }
    for (key, value) in metadata where own[key] == nil { pairs.append((key, value)) }
    pairs.sort { $0.key < $1.key }
    return pairs
  }

  private func text(_ event: LogEvent) -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(Self.usualLength)
    line += Timestamp.text(Date()).utf8
    line.append(UInt8(ascii: " "))
    line += event.level.rawValue.utf8
    line.append(UInt8(ascii: " "))
    line += event.message.description.utf8
    for (key, value) in pairs(event) {
      line.append(UInt8(ascii: " "))
      line += key.utf8
      line.append(UInt8(ascii: "="))
      Self.append(Self.text(value), to: &line)
    }
    return line
  }

  private static func append(_ value: String, to line: inout [UInt8]) {
    let start = line.count
    line += value.utf8
    guard line[start...].contains(where: needsQuotes) else { return }
    line.removeSubrange(start...)
    line += JSONValue.string(value).serialized()
  }

  /// Of a line, in bytes.
  private static let usualLength = 256

  private func json(_ event: LogEvent) -> [UInt8] {
    var line: JSONObject = [
      "time": .string(Timestamp.text(Date())), "level": .string(event.level.rawValue),
      "message": .string("\(event.message)"),
    ]
    for (key, value) in pairs(event) { line[key] = Self.json(value) }
    return JSONValue.object(line).serialized()
  }

  /// A number that is handed over as one stays one, for those who count and compare.
  private static func json(_ value: Logger.MetadataValue) -> JSONValue {
    let text = text(value)
    guard case .stringConvertible = value, case .number(let number)? = try? JSONValue(parsing: text) else {
      return .string(text)
    }
    return .number(number)
  }

  private static func text(_ value: Logger.MetadataValue) -> String {
    switch value {
    case .string(let text): text
    case .stringConvertible(let value): value.description
    case .array, .dictionary: "\(value)"
    }
  }

  /// What would make a line hard to take apart: spaces, quotes, equals signs, and control characters.
  private static func needsQuotes(_ byte: UInt8) -> Bool {
    byte <= UInt8(ascii: " ") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "=") || byte == 0x7F
  }
}
