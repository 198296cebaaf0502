import Foundation
import Synchronization

/// What some requests cost.
struct Load {
  /// In seconds, sorted.
  var latencies: [Double]
  var wall: Double
  /// Processor time in seconds.
  var clientCPU: Double
  var serverCPU: Double
  /// Of all answers.
  var bytes: Int

  var rate: Double { Double(latencies.count) / wall }
  /// In milliseconds a request: what counts on a machine whose other core the load generator uses.
  var serverMilliseconds: Double { serverCPU * 1000 / Double(latencies.count) }
  var clientMilliseconds: Double { clientCPU * 1000 / Double(latencies.count) }
  func latency(_ share: Double) -> Double { latencies[min(latencies.count - 1, Int(Double(latencies.count) * share))] }

  var line: String {
    let times = [0.5, 0.99].map { (latency($0) * 1000).rounded(2) }
    return "\(Int(rate))/s, p50 \(times[0]) ms, p99 \(times[1]) ms, CPU \(serverMilliseconds.rounded(3)) ms server"
      + " + \(clientMilliseconds.rounded(3)) ms client"
  }
}

/// Sends prepared requests over some connections, each with a thread of its own that waits for one answer before it sends the
/// next: cheap enough to leave the machine to the server.
struct LoadGenerator {
  let server: ServerProcess
  let connections: Int

  /// - Parameter request: the bytes of a request by its number; they are made before the clock starts.
  /// - Throws: ``BenchFailure`` when an answer has another status.
  func run(_ count: Int, expecting status: Int = 200, _ request: (Int) -> [UInt8]) async throws -> Load {
    let requests = (0..<count).map(request)
    let sockets = try (0..<connections).map { _ in try LoadSocket(port: server.port) }
    let next = Atomic(0)
    let run = LoadRun()
    let start = (ContinuousClock.now, processorTime(RUSAGE_SELF), server.processorTime)
    await withCheckedContinuation { continuation in
      let group = DispatchGroup()
      for socket in sockets {
        group.enter()
        Thread.detachNewThread {
          defer { group.leave() }
          run.perform(socket, requests, status) { next.wrappingAdd(1, ordering: .relaxed).oldValue }
        }
      }
      group.notify(queue: .global()) { continuation.resume() }
    }
    let (latencies, bytes) = try run.result()
    return Load(
      latencies: latencies, wall: (ContinuousClock.now - start.0).seconds,
      clientCPU: processorTime(RUSAGE_SELF) - start.1, serverCPU: server.processorTime - start.2, bytes: bytes)
  }
}

/// What the threads of one run bring together.
private final class LoadRun: Sendable {
  private struct State {
    var latencies: [Double] = []
    var bytes = 0
    var failure: (any Error)?
  }

  private let state = Mutex(State())

  func perform(_ socket: LoadSocket, _ requests: [[UInt8]], _ status: Int, next: () -> Int) {
    var latencies: [Double] = []
    var bytes = 0
    do {
      while case let number = next(), number < requests.count {
        let start = ContinuousClock.now
        let answer = try socket.exchange(requests[number])
        latencies.append((ContinuousClock.now - start).seconds)
        bytes += answer.bytes
        guard answer.status == status else {
          throw BenchFailure("request \(number) was answered with \(answer.status)")
        }
      }
    } catch {
      state.withLock { $0.failure = error }
    }
    state.withLock { state in
      state.latencies += latencies
      state.bytes += bytes
    }
  }

  func result() throws -> ([Double], Int) {
    let state = state.withLock { state in (state.latencies, state.bytes, state.failure) }
    if let failure = state.2 { throw failure }
    return (state.0.sorted(), state.1)
  }
}
