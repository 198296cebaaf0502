import CoreMetrics
import Foundation

/// What Linux says of this process, under the names that Prometheus' own clients use. What cannot be read is left out.
package struct ProcessStatistics: Hashable, Sendable {
  /// User and system time.
  var cpuSeconds: Double?
  var residentBytes: Int?
  var virtualBytes: Int?
  var openFiles: Int?
  var maxFiles: Int?
  /// Since 1970.
  var startSeconds: Double?

  /// Reads `/proc/self`.
  package static var current: ProcessStatistics {
    var statistics = ProcessStatistics(
      stat: contents("/proc/self/stat"), bootTime: bootTime(in: contents("/proc/stat")),
      ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))), pageSize: sysconf(Int32(_SC_PAGESIZE)))
    statistics.openFiles = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
      statistics.maxFiles = Int(clamping: limit.rlim_cur)
    }
    return statistics
  }

  init() {}

  /// - Parameter stat: the one line of `/proc/<pid>/stat`, see proc(5). The name of the program stands in parentheses and may
  ///   hold spaces and parentheses itself, so fields are counted from the last of them.
  init(stat: String, bootTime: Double?, ticksPerSecond: Double, pageSize: Int) {
    guard let name = stat.lastIndex(of: ")") else { return }
    // The first of these is the third field of proc(5), the state.
    let fields = stat[stat.index(after: name)...].split(separator: " ")
    func field(_ number: Int) -> Double? { fields.count > number - 3 ? Double(fields[number - 3]) : nil }
    if let user = field(14), let system = field(15) { cpuSeconds = (user + system) / ticksPerSecond }
    if let start = field(22), let bootTime { startSeconds = bootTime + start / ticksPerSecond }
    virtualBytes = field(23).map { Int($0) }
    residentBytes = field(24).map { Int($0) * pageSize }
  }

  /// When the machine was started, in seconds since 1970.
  static func bootTime(in stat: String) -> Double? {
    stat.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst(6)) }
  }

  /// Sets the metrics of the process to these values.
  package func record(in registry: PrometheusRegistry) {
    for (name, help) in Self.help { registry.describe(name, help) }
    let gauges: [(String, Double?)] = [
      ("process_resident_memory_bytes", residentBytes.map(Double.init)),
      ("process_virtual_memory_bytes", virtualBytes.map(Double.init)), ("process_open_fds", openFiles.map(Double.init)),
      ("process_max_fds", maxFiles.map(Double.init)), ("process_start_time_seconds", startSeconds),
    ]
    for case (let name, let value?) in gauges { Meter(label: name, factory: registry).set(value) }
    // The kernel counts; the difference brings ours to the same.
    if let cpuSeconds { registry.raise("process_cpu_seconds_total", to: cpuSeconds) }
  }

  private static let help = [
    "process_cpu_seconds_total": "Processor time of this process, user and system.",
    "process_max_fds": "The most file descriptors that this process may open.",
    "process_open_fds": "Open file descriptors.",
    "process_resident_memory_bytes": "Memory of this process in RAM.",
    "process_start_time_seconds": "When this process started, in seconds since 1970.",
    "process_virtual_memory_bytes": "Address space of this process.",
  ]

  private static func contents(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}
