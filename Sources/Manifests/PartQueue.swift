import Foundation
import Reconciliation
import Synchronization

/// The parts of a set of files, handed out one by one to whoever is free: a file is read when its first part is asked
/// for, and let go with its last.
final class PartQueue: Sendable {
  /// One part of a file to be compiled.
  struct Job {
    /// The place of its result among the others.
    var index: Int
    var path: String
    var bytes: [UInt8]
    var slice: SourceSlices.Slice
    var overlays: OverlayStack?
  }

  /// What is left when every part has been handed out.
  struct Remains {
    /// What could not be read.
    var diagnostics: [Diagnostic] = []
    /// The files as they were read, by path.
    var fingerprints: [String: Fingerprint] = [:]
  }

  private struct State {
    var sources: ArraySlice<ManifestSource>
    /// Of the file that was read last, the next one at the end.
    var jobs: [Job] = []
    var count = 0
    var remains = Remains()
  }

  private let limits: YAMLReader.Limits
  private let state: Mutex<State>

  init(_ sources: [ManifestSource], limits: YAMLReader.Limits) {
    self.limits = limits
    state = Mutex(State(sources: sources[...]))
  }

  /// nil when there is nothing left.
  func next() -> Job? {
    state.withLock { state in
      while state.jobs.isEmpty, let source = state.sources.popFirst() { read(source, into: &state) }
      return state.jobs.popLast()
    }
  }

  var remains: Remains { state.withLock(\.remains) }

  private func read(_ source: ManifestSource, into state: inout State) {
    do {
      let bytes = try source.bytes()
      state.remains.fingerprints[source.path] = Fingerprint(of: bytes)
      let slices = bytes.withUnsafeBufferPointer { SourceSlices.slices(of: $0, limits: limits) }
      for (index, slice) in slices.enumerated().reversed() {
        state.jobs.append(
          Job(
            index: state.count + index, path: source.path, bytes: bytes, slice: slice, overlays: source.overlays))
      }
      state.count += slices.count
    } catch {
      state.remains.diagnostics.append(.unreadable(source.path, "the file cannot be read: \(error.reason)"))
    }
  }
}

/// Tells whether a file still holds the bytes that were read before; good within one process.
struct Fingerprint: Hashable, Sendable {
  private let count: Int
  private let hash: Int

  init(of bytes: [UInt8]) {
    count = bytes.count
    var hasher = Hasher()
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    hash = hasher.finalize()
  }
}

extension Diagnostic {
  /// A file or folder that cannot be used; there is no line to point at.
  static func unreadable(_ path: String, _ message: String, _ code: DiagnosticCode = .unreadable) -> Diagnostic {
    Diagnostic(code.severity, code.rawValue, message, at: SourceLocation(file: path, line: 1))
  }
}

extension Error {
  /// In the words of the system, without Foundation's about them.
  package var reason: String {
    let underlying = (self as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    return (underlying ?? self as NSError).localizedDescription
  }
}
