import Foundation

/// What a piece of work cost.
struct Cost {
  /// In seconds.
  var cpu: Double
  var wall: Double
}

/// Runs the work several times and keeps the median by processor time.
func median(of runs: Int, _ work: () async throws -> Cost) async rethrows -> Cost {
  var costs: [Cost] = []
  for _ in 0..<runs { costs.append(try await work()) }
  return costs.sorted { $0.cpu < $1.cpu }[runs / 2]
}

/// The cost of work in this process.
func cost(of work: () async throws -> Void) async rethrows -> Cost {
  let start = (processorTime(RUSAGE_SELF), ContinuousClock.now)
  try await work()
  return Cost(cpu: processorTime(RUSAGE_SELF) - start.0, wall: (ContinuousClock.now - start.1).seconds)
}

/// User and system time in seconds, of this process or of its children that have ended.
func processorTime(_ who: __rusage_who) -> Double {
  var usage = rusage()
  getrusage(numericCast(who.rawValue), &usage)
  return usage.ru_utime.seconds + usage.ru_stime.seconds
}

extension Process {
  /// What the process has in memory now, in bytes; 0 when it has ended.
  var residentMemory: Int { status("VmRSS:") }

  /// The most that it had at a time. The system's count for children that have ended is of no use: it begins with the
  /// memory of their parent.
  var peakMemory: Int { status("VmHWM:") }

  /// A field of `/proc/PID/status` that is in kB.
  private func status(_ field: String) -> Int {
    let status = FileManager.default.contents(atPath: "/proc/\(processIdentifier)/status") ?? Data()
    let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(field) }
    return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
  }
}

extension timeval {
  fileprivate var seconds: Double { Double(tv_sec) + Double(tv_usec) / 1e6 }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

extension Double {
  /// With this many digits behind the point.
  func rounded(_ digits: Int) -> String {
    formatted(.number.precision(.fractionLength(digits)).locale(Locale(identifier: "en_US_POSIX")))
  }
}

/// One line of the result: what was measured, the goal it is held against, and whether it was reached.
struct Finding {
  var goal: String
  var what: String
  var measured: String
  var limit: String
  var isReached: Bool

  var line: String { "\(isReached ? "ok  " : "MISS") \(goal)  \(what): \(measured)  (goal \(limit))" }
}
