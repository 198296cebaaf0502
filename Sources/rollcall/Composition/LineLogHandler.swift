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
    let merged = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
    let time = Timestamp.text(Date())
    let line =
      switch format {
      case .text: text(time, event, merged)
      case .json: json(time, event, merged)
      }
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
  }

  private func text(_ time: String, _ event: LogEvent, _ metadata: [(key: String, value: Logger.MetadataValue)])
    -> String
  {
    let pairs = metadata.map { key, value in
      let text = "\(value)"
      return text.contains(where: { " \"=".contains($0) }) ? "\(key)=\(JSONValue.string(text).text)" : "\(key)=\(text)"
    }
    return ([time, event.level.rawValue, "\(event.message)"] + pairs).joined(separator: " ")
  }

  private func json(_ time: String, _ event: LogEvent, _ metadata: [(key: String, value: Logger.MetadataValue)])
    -> String
  {
    var line: JSONObject = [
      "time": .string(time), "level": .string(event.level.rawValue), "message": .string("\(event.message)"),
    ]
    for (key, value) in metadata { line[key] = .string("\(value)") }
    return JSONValue.object(line).text
  }
}
