import Foundation
import HTTPTypes
import HummingbirdCore
import LocalDirectory
import OpenID
import SCIM

/// Who changed what, and what happened to the access to the server: the newest first, a page at a time.
struct AuditPage {
  static let path = "\(ConsoleService.path)/audit"

  private let visit: ConsoleVisit

  init(_ visit: ConsoleVisit) { self.visit = visit }

  func response() async throws -> Response {
    try visit.demandAdministrator()
    let query = try visit.query
    let tab = query["of"].flatMap(AuditReading.Part.init) ?? .changes
    do {
      let reading = AuditReading(
        directory: visit.directory, log: visit.surroundings.accessLog,
        search: try AuditSearch(query, now: visit.surroundings.now()))
      let found = try await reading.page(of: tab, before: try query.int("before"))
      return page(
        query, tab, entries: try await worded(found.entries), older: found.older, reached: found.reached)
    } catch let error as SCIMError where error.status == 400 {
      return page(query, tab, entries: [], problem: error.detail)
    }
  }

  private func worded(_ entries: [AuditEntry]) async throws -> [[String: PageContent]] {
    let events = entries.compactMap { entry in if case .change(let change) = entry { change.event } else { nil } }
    let wording = try await AuditWording(events, in: visit.directory)
    return entries.map { entry in
      switch entry {
      case .change(let change): wording.entry(change)
      case .access(let event): AuditWording.entry(event)
      }
    }
  }

  // MARK: The page

  private func page(
    _ query: QueryParameters, _ tab: AuditReading.Part, entries: [[String: PageContent]], older: Int? = nil,
    reached: Date? = nil,
    problem: String? = nil
  ) -> Response {
    let texts = AuditSearch.texts(query)
    let isEmpty = entries.isEmpty && problem == nil
    return visit.page(
      "console-audit", title: "Audit", status: problem == nil ? .ok : .badRequest, section: Self.path,
      [
        "path": .text(Self.path), "of": .text(tab.rawValue), "problem": .optional(problem),
        "tabs": .list(
          AuditReading.Part.allCases.map { other in
            [
              "address": .text(address(texts, other)), "label": .text(other.label), "is_current": .flag(other == tab),
            ]
          }),
        "filters": .list(AuditSearch.Field.allCases.map { filter($0, texts[$0]) }), "entries": .list(entries),
        "none": .optional(!isEmpty ? nil : older == nil ? "Nothing is recorded that matches." : "Nothing so far."),
        "older": older.map { .text(address(texts, tab, ["before": String($0)])) },
        "exports": .list(
          AuditFormat.allCases.map { format in
            [
              "address": .text(address(texts, tab, in: AuditExport.path(format))),
              "label": .text(format.rawValue.uppercased()),
            ]
          }), "most": .text(String(AuditExport.most)),
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

  private func address(
    _ texts: [AuditSearch.Field: String], _ tab: AuditReading.Part, _ more: [String: String] = [:],
    in path: String = AuditPage.path
  ) -> String {
    var fields = more
    for (field, text) in texts { fields[field.rawValue] = text }
    fields["of"] = tab.rawValue
    return "\(path)?\(FormEncoding.encoded(fields))"
  }
}

extension AuditReading.Part {
  fileprivate var label: String { self == .changes ? "Changes" : "Access" }
}
