import Foundation
import JSON
import LocalDirectory
import SCIM

/// What of the audit trail somebody wants to see.
struct AuditSearch {
  /// The names of the fields, as the address of the page has them.
  enum Field: String, CaseIterable {
    case about, actor, since, until
  }

  /// As they were typed.
  let texts: [Field: String]
  private let since: Date?
  private let until: Date?

  /// - Throws: `SCIMError` 400 for what is no time.
  init(_ query: QueryParameters, now: Date) throws(SCIMError) {
    texts = Self.texts(query)
    since = try texts[.since].map { text throws(SCIMError) in try Self.time(text, now, isEnd: false) }
    until = try texts[.until].map { text throws(SCIMError) in try Self.time(text, now, isEnd: true) }
  }

  static func texts(_ query: QueryParameters) -> [Field: String] {
    Dictionary(
      Field.allCases.compactMap { field in query[field.rawValue].map { (field, $0.trimmed) } }.filter { !$0.1.isEmpty },
      uniquingKeysWith: { first, _ in first })
  }

  func isTooOld(_ time: Date) -> Bool { since.map { time < $0 } ?? false }

  func covers(_ time: Date, by author: Author) -> Bool {
    guard until.map({ time < $0 }) ?? true else { return false }
    return texts[.actor].map { Self.contains(author.name, $0) || author.address == $0 } ?? true
  }

  static func contains(_ text: String, _ part: String) -> Bool { text.lowercased().contains(part.lowercased()) }

  /// `2026-11-23`, `2026-11-23T09:30:00Z`, or so long ago: `7d`.
  /// - Parameter isEnd: whether a day is meant with all that happened on it.
  private static func time(_ text: String, _ now: Date, isEnd: Bool) throws(SCIMError) -> Date {
    if let seconds = DurationText.seconds(text) { return now.addingTimeInterval(-TimeInterval(seconds)) }
    if let day = DateTime(text + "T00:00:00Z") { return day.date.addingTimeInterval(isEnd ? 86_400 : 0) }
    if let time = DateTime(text) { return time.date }
    throw SCIMError(
      status: 400, .invalidValue,
      "\"\(text)\" is no time. Write 2026-11-23, 2026-11-23T09:30:00Z, or 7d for a week ago.")
  }
}

extension DateTime {
  fileprivate var date: Date { Date(timeIntervalSince1970: TimeInterval(seconds) + TimeInterval(nanoseconds) / 1e9) }
}

/// The resources that a search of the audit is about: by id or by what they are, or were, called.
struct AuditSubject {
  /// The most resources of one kind that share the name.
  private static let limit = 50

  private let text: String
  private var ids: Set<String>

  init(_ text: String, in directory: Directory) async throws {
    self.text = text
    ids = [text]
    for kind in ConsoleKind.all {
      guard let type = directory.catalog.resourceType(kind.type) else { continue }
      let names = kind.searched.map { Filter.compare($0, .equal, .string(text)) }
      let filter = names.dropFirst().reduce(names.first) { filter, name in filter.map { .or($0, name) } }
      let list = try await directory.list(
        type: type, ListQuery(filter: filter, count: Self.limit, attributes: [AttributePath("meta")]))
      ids.formUnion(list.resources.map(\.id))
    }
  }

  /// Whether the event is about one of them, or about their place in a group or role. Events are asked for backwards, so
  /// that what was deleted tells its name first.
  mutating func isMeant(by event: DirectoryEvent) -> Bool {
    if ids.contains(event.id) { return true }
    if event.names.contains(where: { $0.lowercased() == text.lowercased() }) {
      ids.insert(event.id)
      return true
    }
    return (event.membership.added + event.membership.removed).contains { ids.contains($0.member) }
  }
}

extension DirectoryEvent {
  /// What the event itself says that the resource is, or was, called.
  fileprivate var names: [String] {
    let states: [JSONObject?] =
      switch attributes {
      case .whole(let before, let after): [before, after]
      case .difference(let difference): [difference.before, difference.after]
      }
    return states.compactMap(\.self).flatMap { state in
      ["userName", "displayName", "name"].compactMap { state[$0]?.string }
    }
  }
}
