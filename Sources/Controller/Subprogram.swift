@preconcurrency import Dispatch
import Foundation
import Synchronization

/// Another program, run to its end: found on the `PATH`, never through a shell, with a limit on its time and on what it
/// may say.
struct Subprogram: Sendable {
  /// Why a program said nothing that can be used; neither its arguments nor its output are in here.
  enum Failure: Error, Hashable {
    case missing
    case notStarted
    case timedOut
    case stopped
    case tooMuchOutput
  }

  struct Answer: Sendable {
    var status: Int32
    var output: Data
    /// What it said on standard error, as far as it is kept.
    var complaint: String

    var text: String { String(decoding: output, as: UTF8.self) }
  }

  let name: String
  /// All that it sees; the `PATH` in it is where the program is looked for.
  var environment: [String: String]
  var folder: String?
  /// In seconds; nil waits for as long as it takes.
  var timeout: TimeInterval?
  /// Ends the program when it is raised.
  var stop: StopSignal?
  /// Where its standard error goes: kept for the answer, or ours.
  var keepsComplaint = true

  private static let outputLimit = 256 << 20
  private static let complaintLimit = 64 << 10
  /// How often a running program is looked after, in seconds.
  private static let watch = 0.1
  /// Between being asked to end and being made to, in seconds.
  private static let grace = 3.0

  init(_ name: String, environment: [String: String]) {
    self.name = name
    self.environment = environment
  }

  /// Runs it and waits on the calling thread.
  func run(_ arguments: [String]) throws(Failure) -> Answer {
    let process = Process()
    let output = Pipe()
    let complaint = Pipe()
    process.executableURL = URL(fileURLWithPath: try path())
    process.arguments = arguments
    process.environment = environment
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    if keepsComplaint { process.standardError = complaint }
    do { try process.run() } catch { throw .notStarted }
    let guardian = Guardian(process, deadline: timeout.map { .now() + $0 }, stop: stop)
    guardian.watch(every: Self.watch, grace: Self.grace)
    let said = keepsComplaint ? Reading(of: complaint, limit: Self.complaintLimit) : nil
    let (bytes, isWhole) = Reading.all(of: output.fileHandleForReading, limit: Self.outputLimit)
    process.waitUntilExit()
    if let failure = guardian.end() { throw failure }
    guard isWhole else { throw .tooMuchOutput }
    return Answer(status: process.terminationStatus, output: bytes, complaint: said?.text ?? "")
  }

  /// Runs it without keeping a thread of the tasks waiting.
  func answer(_ arguments: [String]) async throws(Failure) -> Answer {
    let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<Answer, Failure>, Never>) in
      DispatchQueue.global().async {
        continuation.resume(returning: Result { () throws(Failure) -> Answer in try run(arguments) })
      }
    }
    return try result.get()
  }

  private func path() throws(Failure) -> String {
    if name.contains("/") { return name }
    for folder in (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":") {
      let candidate = "\(folder)/\(name)"
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
    }
    throw .missing
  }
}

/// Ends a program that takes too long, or that nobody waits for any more.
private final class Guardian: Sendable {
  private struct State {
    var failure: Subprogram.Failure?
    var killAt: DispatchTime?
  }

  private let process: Process
  private let deadline: DispatchTime?
  private let stop: StopSignal?
  private let timer = DispatchSource.makeTimerSource(queue: .global())
  private let state = Mutex(State())

  init(_ process: Process, deadline: DispatchTime?, stop: StopSignal?) {
    self.process = process
    self.deadline = deadline
    self.stop = stop
  }

  func watch(every seconds: Double, grace: Double) {
    timer.schedule(deadline: .now() + seconds, repeating: seconds)
    timer.setEventHandler { [self] in look(grace) }
    timer.resume()
  }

  /// Stops watching.
  /// - Returns: why the program was ended; nil when it ended by itself.
  func end() -> Subprogram.Failure? {
    timer.cancel()
    return state.withLock(\.failure)
  }

  private func look(_ grace: Double) {
    state.withLock { state in
      let failure: Subprogram.Failure? =
        stop?.isRaised == true ? .stopped : deadline.map { $0 < .now() } == true ? .timedOut : nil
      guard let failure, process.isRunning else { return }
      guard let killAt = state.killAt else {
        state.failure = failure
        state.killAt = .now() + grace
        return process.terminate()
      }
      if killAt < .now() { kill(process.processIdentifier, SIGKILL) }
    }
  }
}

/// What a program says, read beside the rest so that no pipe fills up.
private final class Reading: Sendable {
  private let bytes = Mutex(Data())
  private let group = DispatchGroup()

  init(of pipe: Pipe, limit: Int) {
    let handle = pipe.fileHandleForReading
    DispatchQueue.global().async(group: group) { [self] in
      let (read, _) = Self.all(of: handle, limit: limit)
      bytes.withLock { $0 = read }
    }
  }

  var text: String {
    group.wait()
    return String(decoding: bytes.withLock { $0 }, as: UTF8.self)
  }

  /// Everything until the end, of which no more than the limit is kept.
  static func all(of handle: FileHandle, limit: Int) -> (bytes: Data, isWhole: Bool) {
    var bytes = Data()
    var isWhole = true
    while let part = try? handle.read(upToCount: 1 << 16), !part.isEmpty {
      if bytes.count + part.count <= limit { bytes.append(part) } else { isWhole = false }
    }
    return (bytes, isWhole)
  }
}
