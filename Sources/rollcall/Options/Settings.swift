import Foundation
import Manifests
import Reports
import SCIM

/// Where an option's value comes from when the command line does not give it: `ROLLCALL_<NAME>` in the environment,
/// then the same name in `rollcall.yaml` of the working folder.
struct Settings: Sendable {
  let environment: [String: String]
  private let file: [String: String]

  /// - Throws: ``CommandFailure`` when the settings file is there and cannot be understood.
  init(environment: [String: String], file path: String = ManifestFolder.settingsFile) throws {
    self.environment = environment
    self.file = try FileManager.default.contents(atPath: path).map { try Self.entries(of: $0, path: path) } ?? [:]
  }

  func string(_ name: String, _ flag: String?) -> String? {
    flag ?? environment[Self.variable(name)] ?? file[name]
  }

  /// What says the value of a setting that the command line does not give: `rollcall.yaml`, or the environment variable.
  func source(of name: String) -> String {
    environment[Self.variable(name)] == nil ? ManifestFolder.settingsFile : Self.variable(name)
  }

  /// Whether the settings file decides, unless the command line does.
  func isInFile(_ name: String) -> Bool { environment[Self.variable(name)] == nil && file[name] != nil }

  static let prefix = "ROLLCALL_"

  static func variable(_ name: String) -> String {
    prefix + name.uppercased().replacing("-", with: "_")
  }

  /// The values of a repeatable option; outside the command line they are separated by commas. nil when there are none.
  func list(_ name: String, _ flags: [String]) -> Set<String>? {
    let values = flags.isEmpty ? string(name, nil)?.split(separator: ",").map(String.init) ?? [] : flags
    return values.isEmpty ? nil : Set(values)
  }

  func bool(_ name: String, _ flag: Bool) throws -> Bool {
    guard !flag, let text = string(name, nil) else { return flag }
    guard let value = YAMLScalar.boolean(text) ?? ["1": true, "0": false][text] else {
      throw CommandFailure(.usage, "the setting \(name) must be true or false, not \"\(text)\"")
    }
    return value
  }

  func value<Value: LosslessStringConvertible>(_ name: String, _ flag: Value?) throws -> Value? {
    if let flag { return flag }
    guard let text = string(name, nil) else { return nil }
    guard let value = Value(text) else {
      throw CommandFailure(.usage, "the setting \(name) cannot be \"\(text)\"")
    }
    return value
  }

  /// A year at most: clocks cannot count all that can be written.
  func duration(_ name: String, _ flag: String?) throws -> Duration? {
    guard let text = string(name, flag) else { return nil }
    guard let seconds = DurationText.seconds(text), seconds <= 365 * 86_400 else {
      throw CommandFailure(
        .usage, "--\(name) cannot be \"\(text)\"", hint: "write it as 30s, 5m or 1h; at most 365d")
    }
    return .seconds(seconds)
  }

  private static func entries(of bytes: Data, path: String) throws -> [String: String] {
    do {
      var reader = YAMLReader([UInt8](bytes))
      guard let root = try reader.next()?.root else { return [:] }
      if let stranger = root.entries?.first(where: { !names.contains($0.key) }) {
        throw CommandFailure(
          .usage, "\(path):\(stranger.keyMark.line): there is no setting \"\(stranger.key)\"",
          hint: Spelling.hint(for: stranger.key, among: names.sorted())
            ?? "the settings are long options of the command line, without --")
      }
      let pairs = root.entries?.compactMap { entry in entry.value.text.map { (entry.key, $0) } }
      guard let pairs, pairs.count == root.entries?.count else {
        throw CommandFailure(
          .usage, "\(path): each line must be an option and its value: `state: .rollcall/state.sqlite`")
      }
      return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    } catch let error as YAMLError {
      throw CommandFailure(.usage, "\(path):\(error.mark.line): \(error.message)", hint: error.hint)
    }
  }
}
