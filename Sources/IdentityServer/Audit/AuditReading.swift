import Foundation
import LocalDirectory
import SCIM

/// Reads what somebody wants to see of the audit, the newest first.
struct AuditReading {
  /// The two records that there are.
  enum Part: String, CaseIterable, Sendable {
    /// Of resources.
    case changes
    /// To the server: logins, tokens, keys.
    case access
  }

  struct Page {
    /// The newest first.
    var entries: [AuditEntry]
    /// Where the page after this begins; nil when there is nothing further back.
    var older: Int?
    /// When the last event was that was looked at.
    var reached: Date?
  }

  let directory: Directory
  let log: any AccessLog
  let search: AuditSearch
  /// The most entries of a page.
  var size = 50

  /// - Parameter end: only what came before this sequence number; nil begins at the end.
  func page(of part: Part, before end: Int?) async throws -> Page {
    switch part {
    case .changes:
      let page = try await changes(before: end)
      return Page(
        entries: try await page.events.asyncMap { try await directory.changes([$0]).first }.map(AuditEntry.change),
        older: page.older, reached: page.reached?.time)
    case .access:
      let page = try await accesses(before: end)
      return Page(entries: page.events.map(AuditEntry.access), older: page.older, reached: page.reached?.time)
    }
  }

  private func changes(before end: Int?) async throws -> TrailWalk<DirectoryEvent>.Page {
    var subject: AuditSubject?
    if let text = search.texts[.about] { subject = try await AuditSubject(text, in: directory) }
    let walk = TrailWalk<DirectoryEvent>(size: size, sequence: \.sequence) {
      try await directory.events(after: $0, limit: $1)
    }
    return try await walk.page(
      before: Self.end(end, of: try await directory.lastEvent()), until: { search.isTooOld($0.time) },
      where: { search.covers($0.time, by: $0.author) && subject?.isMeant(by: $0) ?? true })
  }

  private func accesses(before end: Int?) async throws -> TrailWalk<AccessEvent>.Page {
    let walk = TrailWalk<AccessEvent>(size: size, sequence: \.sequence) {
      try await log.accessEvents(after: $0, limit: $1)
    }
    return try await walk.page(
      before: Self.end(end, of: try await log.lastAccessEvent()), until: { search.isTooOld($0.time) },
      where: { event in
        let about =
          search.texts[.about].map { AuditSearch.contains("\(event.author.name) \(event.detail)", $0) } ?? true
        return about && search.covers(event.time, by: event.author)
      })
  }

  /// Where to begin: never behind the end of the record, whatever somebody wrote into an address.
  private static func end(_ asked: Int?, of last: Int) -> Int { min(asked ?? .max, last + 1) }
}

extension [DirectoryEvent] {
  /// What each leads to, one after the other; nothing for those that lead to nothing.
  fileprivate func asyncMap<Value>(_ value: (DirectoryEvent) async throws -> Value?) async throws -> [Value] {
    var values: [Value] = []
    for event in self { if let value = try await value(event) { values.append(value) } }
    return values
  }
}
