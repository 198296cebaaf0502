import Foundation
import JSON
import Reconciliation
import SCIM

/// The fields of one mapping, taken by name. What was never asked for is reported as unknown by ``finish()``, with the
/// names that were asked for as suggestions, so that no list of known names has to be kept beside the code.
struct Fields {
  let node: YAMLNode
  let scope: FileScope
  private let entries: [YAMLEntry]
  private var asked: [String] = []

  /// nil, and a fault, when the node is not a mapping.
  init?(_ node: YAMLNode, _ scope: FileScope, what: String) {
    guard let entries = node.entries else {
      scope.report(.wrongShape, "\(what) must be a mapping", at: node.mark)
      return nil
    }
    self.node = node
    self.scope = scope
    self.entries = entries
  }

  /// The entry of this name; nil when it is absent or null.
  mutating func entry(_ name: String) -> YAMLEntry? {
    asked.append(name)
    guard let entry = entries.first(where: { $0.key == name }), !entry.value.isNull else { return nil }
    return entry
  }

  mutating func take(_ name: String) -> YAMLNode? { entry(name)?.value }

  /// As ``take(_:)``, and a fault when there is nothing.
  mutating func require(_ name: String, of what: String) -> YAMLNode? {
    if let node = take(name) { return node }
    scope.report(.missingField, "\(what) needs `\(name)`", at: node.mark)
    return nil
  }

  /// Reports every field that nobody asked for.
  func finish(_ what: String) {
    for entry in entries where !asked.contains(entry.key) {
      if FileScope.soundsSecret(entry.key) {
        scope.conceal(entry.value)
      } else {
        scope.concealSuspects(in: entry.value)
      }
      scope.report(
        .unknownField, "\(what) has no field `\(entry.key)`", at: entry.keyMark,
        hint: Spelling.hint(for: entry.key, among: asked)
          ?? "its fields are \(Set(asked).sorted().quoted(and: "and"))")
    }
  }
}

extension Fields {
  mutating func string(_ name: String) -> String? { take(name).flatMap { scope.text($0, what: "`\(name)`") } }

  /// The path of a file beside the manifest.
  mutating func path(_ name: String) -> String? {
    take(name).flatMap { node in
      scope.text(node, what: "`\(name)`").map { scope.part.path(of: $0, at: node.mark) }
    }
  }

  mutating func bool(_ name: String) -> Bool? {
    take(name).flatMap { scope.value(of: $0, as: .boolean, what: name)?.bool }
  }

  /// A whole number within the bounds.
  mutating func int(_ name: String, in bounds: ClosedRange<Int>) -> Int? {
    guard let node = take(name) else { return nil }
    guard let value = scope.value(of: node, as: .integer, what: name) else { return nil }
    if let value = value.int, bounds.contains(value) { return value }
    let range =
      bounds.upperBound == .max ? "at least \(bounds.lowerBound)" : "\(bounds.lowerBound) to \(bounds.upperBound)"
    scope.report(.invalidNumber, "`\(name)` must be a whole number, \(range)", at: node.mark)
    return nil
  }

  /// One of the cases of an enumeration.
  mutating func choice<Choice: CaseIterable & RawRepresentable<String>>(_ name: String, _ type: Choice.Type) -> Choice?
  {
    take(name).flatMap { scope.choice($0, type, what: "`\(name)`") }
  }

  mutating func items(_ name: String) -> [YAMLNode]? { take(name).flatMap { scope.items($0, what: "`\(name)`") } }

  mutating func strings(_ name: String) -> [String]? {
    items(name)?.compactMap { scope.text($0, what: "an entry of `\(name)`") }
  }

  /// Text by name, as labels are: numbers and booleans count as the text they are written with.
  mutating func labels(_ name: String) -> [String: String]? {
    guard let node = take(name) else { return nil }
    guard let entries = node.entries else {
      scope.report(.wrongShape, "`\(name)` must be a mapping of names to text", at: node.mark)
      return nil
    }
    var labels: [String: String] = [:]
    for entry in entries { labels[entry.key] = scope.text(entry.value, what: "the label `\(entry.key)`") }
    return labels
  }

  mutating func time(_ name: String) -> Date? {
    guard let node = take(name) else { return nil }
    if let time = node.text.flatMap(ManifestTime.date) { return time }
    scope.report(
      .invalidTime, "`\(name)` must be a time", at: node.mark, hint: "write it as 2026-12-31T00:00:00Z or 2026-12-31")
    return nil
  }

  /// In seconds.
  mutating func duration(_ name: String) -> TimeInterval? {
    guard let node = take(name) else { return nil }
    if let duration = node.text.flatMap(ManifestTime.duration) { return duration }
    scope.report(
      .invalidDuration, "`\(name)` must be a duration", at: node.mark, hint: "write it as 30d, 12h, 15m or 10s")
    return nil
  }
}

extension FileScope {
  func text(_ node: YAMLNode, what: @autoclosure () -> String) -> String? {
    if let text = node.text, !node.isNull { return text }
    report(.wrongShape, "\(what()) must be text", at: node.mark)
    return nil
  }

  func items(_ node: YAMLNode, what: @autoclosure () -> String) -> [YAMLNode]? {
    if let items = node.items { return items }
    report(
      .wrongShape, "\(what()) must be a list", at: node.mark, hint: "write each entry on a line of its own, after `- `")
    return nil
  }

  func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ node: YAMLNode, _ type: Choice.Type, what: @autoclosure () -> String
  ) -> Choice? {
    guard let text = text(node, what: what()) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let choices = Choice.allCases.map(\.rawValue)
    report(
      .invalidChoice, "\(what()) must be \(choices.quoted(and: "or")), not `\(text)`", at: node.mark,
      hint: Spelling.hint(for: text, among: choices))
    return nil
  }
}

extension Sequence<String> {
  /// "`a`, `b` or `c`", with that conjunction.
  func quoted(and conjunction: String) -> String {
    let quoted = map { "`\($0)`" }
    guard quoted.count > 1, let last = quoted.last else { return quoted.first ?? "none" }
    return quoted.dropLast().joined(separator: ", ") + " \(conjunction) " + last
  }
}
