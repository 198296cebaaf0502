import Foundation
import HTTPTypes
import HummingbirdCore
import LocalDirectory
import OpenID
import SCIM

/// Who changed what, and what happened to the access to the server: the newest first, a page at a time.
struct AuditPage {
  static let path = "\(ConsoleService.path)/audit"

  enum Tab: String, CaseIterable {
    case changes, access

    var label: String { self == .changes ? "Changes" : "Access" }
  }

  private let visit: ConsoleVisit

  init(_ visit: ConsoleVisit) { self.visit = visit }

  func response() async throws -> Response {
    try visit.demandAdministrator()
    let query = try visit.query
    let tab = query["of"].flatMap(Tab.init) ?? .changes
    do {
      let search = try AuditSearch(query, now: visit.surroundings.now())
      let before = try query.int("before")
      let (entries, older, reached) =
        tab == .changes ? try await changes(search, before) : try await accesses(search, before)
      return page(query, tab, entries: entries, older: older, reached: reached)
    } catch let error as SCIMError where error.status == 400 {
      return page(query, tab, entries: [], problem: error.detail)
    }
  }

  private typealias Entries = (entries: [[String: PageContent]], older: Int?, reached: Date?)

  private func changes(_ search: AuditSearch, _ before: Int?) async throws -> Entries {
    let directory = visit.directory
    var subject: AuditSubject?
    if let text = search.texts[.about] { subject = try await AuditSubject(text, in: directory) }
    let walk = TrailWalk<DirectoryEvent>(sequence: \.sequence) { try await directory.events(after: $0, limit: $1) }
    let end = if let before { before } else { try await directory.lastEvent() + 1 }
    let page = try await walk.page(
      before: end, until: { search.isTooOld($0.time) },
      where: { search.covers($0.time, by: $0.author) && subject?.isMeant(by: $0) ?? true })
    var entries: [[String: PageContent]] = []
    let wording = try await AuditWording(page.events, in: directory)
    for event in page.events {
      guard let change = try await directory.changes([event]).first else { continue }
      entries.append(wording.entry(change))
    }
    return (entries, page.older, page.reached?.time)
  }

  private func accesses(_ search: AuditSearch, _ before: Int?) async throws -> Entries {
    let log = visit.surroundings.accessLog
    let walk = TrailWalk<AccessEvent>(sequence: \.sequence) { try await log.accessEvents(after: $0, limit: $1) }
    let end = if let before { before } else { try await log.lastAccessEvent() + 1 }
    let page = try await walk.page(before: end, until: { search.isTooOld($0.time) }) { event in
      let about = search.texts[.about].map { AuditSearch.contains("\(event.author.name) \(event.detail)", $0) } ?? true
      return about && search.covers(event.time, by: event.author)
    }
    return (page.events.map(AuditWording.entry), page.older, page.reached?.time)
  }

  // MARK: The page

  private func page(
    _ query: QueryParameters, _ tab: Tab, entries: [[String: PageContent]], older: Int? = nil, reached: Date? = nil,
    problem: String? = nil
  ) -> Response {
    let texts = AuditSearch.texts(query)
    let isEmpty = entries.isEmpty && problem == nil
    return visit.page(
      "console-audit", title: "Audit", status: problem == nil ? .ok : .badRequest, section: Self.path,
      [
        "path": .text(Self.path), "of": .text(tab.rawValue), "problem": .optional(problem),
        "tabs": .list(
          Tab.allCases.map { other in
            [
              "address": .text(address(texts, other)), "label": .text(other.label), "is_current": .flag(other == tab),
            ]
          }),
        "filters": .list(AuditSearch.Field.allCases.map { filter($0, texts[$0]) }), "entries": .list(entries),
        "none": .optional(!isEmpty ? nil : older == nil ? "Nothing is recorded that matches." : "Nothing so far."),
        "older": older.map { .text(address(texts, tab, ["before": String($0)])) },
        "reached": .optional(reached.map { "Back to \(ReadableTime.text(Timestamp.text($0)))." }),
      ])
  }

  private func filter(_ field: AuditSearch.Field, _ text: String?) -> [String: PageContent] {
    let (label, hint): (String, String?) =
      switch field {
      case .about: ("Person or resource", "name or ID")
      case .actor: ("Who did it", "user:admin, or an address")
      case .since: ("From", "2026-11-23, or 7d")
      case .until: ("To", nil)
      }
    return [
      "name": .text(field.rawValue), "label": .text(label), "value": .text(text ?? ""), "hint": .optional(hint),
    ]
  }

  private func address(_ texts: [AuditSearch.Field: String], _ tab: Tab, _ more: [String: String] = [:]) -> String {
    var fields = more
    for (field, text) in texts { fields[field.rawValue] = text }
    fields["of"] = tab.rawValue
    return "\(Self.path)?\(FormEncoding.encoded(fields))"
  }
}
