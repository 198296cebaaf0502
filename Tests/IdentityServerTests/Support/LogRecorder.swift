import Logging

/// Hands on what is logged, as `level message key=value …`.
struct LogRecorder: LogHandler {
  let lines: AsyncStream<String>.Continuation
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  /// A logger and what it will have logged.
  static func logger() -> (Logger, AsyncStream<String>) {
    let (stream, lines) = AsyncStream<String>.makeStream()
    return (Logger(label: "test") { _ in LogRecorder(lines: lines) }, stream)
  }

  subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let merged = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
    let pairs = merged.map { "\($0.key)=\($0.value)" }
    lines.yield((["\(event.level)", "\(event.message)"] + pairs).joined(separator: " "))
  }
}
