import Foundation
import JSON
import Manifests
import Reconciliation
import Reports

extension DriftBaseline {
  /// - Throws: ``CommandFailure`` when the file cannot be read or is no baseline.
  init(path: String) throws {
    let hint = "make one with: rollcall drift --write-baseline \(path)"
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.usage, "the baseline \(path) cannot be read", hint: hint)
    }
    do {
      try self.init(json: try JSONValue(parsing: [UInt8](bytes)))
    } catch let error as JSONError {
      throw CommandFailure(.usage, "\(path) is not a baseline: \(error.message)", hint: hint)
    } catch let error as PlanFormatError {
      throw CommandFailure(.usage, "\(path) is not a baseline: \(error)", hint: hint)
    }
  }

  func write(to path: String) throws {
    do {
      try Data((json.pretty() + "\n").utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw CommandFailure(.unexpected, "the baseline could not be written to \(path): \(error.reason)")
    }
  }
}
