import HummingbirdCore
import JSON
import LocalDirectory
import OpenID
import SCIM

/// A list of resources of one kind, with a search.
struct ListPage {
  /// What lists show nothing of, and what costs most.
  private static let unread = ["members", "users", "groups", "roles"].map { AttributePath($0) }

  private let visit: ConsoleVisit
  private let kind: ConsoleKind

  init(_ visit: ConsoleVisit, _ kind: ConsoleKind) {
    self.visit = visit
    self.kind = kind
  }

  func response() async throws -> Response {
    try visit.demand(.read, kind)
    let query = try visit.query
    let search = query["search"]?.trimmed ?? ""
    let first = try Paging.first(in: query)
    do {
      let filter = try ConsoleSearch.filter(search, over: kind.searched)
      let list = try await visit.directory.list(
        type: try visit.type(kind),
        ListQuery(filter: filter, startIndex: first, count: Paging.size, excludedAttributes: Self.unread))
      return page(list, search: search, from: first, notice: Notice(query))
    } catch let error as SCIMError where error.status == 400 {
      return page(ListResponse(resources: []), search: search, from: first, problem: error.detail)
    }
  }

  private func page(
    _ list: ListResponse, search: String, from first: Int, notice: Notice? = nil, problem: String? = nil
  ) -> Response {
    let total = list.totalResults ?? 0
    let isEmpty = list.resources.isEmpty
    var content: [String: PageContent?] = [
      "path": .text(kind.path), "search": .text(search), "searched": .text(searchedNames),
      "search_problem": problem.map(PageContent.text), "notice": notice.map { .text($0.text(kind)) },
      "is_empty": .flag(isEmpty && problem == nil), "has_rows": .flag(!isEmpty),
      "none": .text(search.isEmpty ? "There are no \(kind.title.lowercased()) yet." : "Nothing matches this search."),
      "name_title": .text(kind.nameTitle), "columns": .list(kind.columns.map { ["column": .text($0.title)] }),
      "rows": .list(list.resources.map(row)), "caption": .text(kind.title),
      "creation": creation,
    ]
    content.merge(
      Paging(first: first, shown: list.resources.count, of: total) { from in
        address(search: search, from: from)
      }.content
    ) { own, _ in own }
    return visit.page("console-list", title: kind.title, section: kind.path, content)
  }

  private var creation: PageContent? {
    guard visit.may(.create, kind) else { return nil }
    return .object(["address": .text(kind.creationPath), "label": .text("Add \(kind.nounWithArticle)")])
  }

  private func row(_ resource: Resource) -> [String: PageContent] {
    [
      "address": .text(kind.path(resource.id)), "label": .text(resource.label),
      "cells": .list(
        kind.columns.map { column in
          let text = column.text(resource)
          return [
            "cell": .text(text), "heading": .text(column.title),
            "is_whole": .flag(column.isWhole), "is_off": .flag(column.isState && text == ListColumn.disabled),
          ]
        }),
    ]
  }

  private func address(search: String, from first: Int) -> String {
    var fields = ["from": String(first)]
    if !search.isEmpty { fields["search"] = search }
    return "\(kind.path)?\(FormEncoding.encoded(fields))"
  }

  private var searchedNames: String {
    kind == .users ? "User name, name or e-mail" : "Name"
  }
}

/// What a search asks for: a part of a name, or a SCIM filter.
enum ConsoleSearch {
  /// nil for an empty text, which asks for all.
  /// - Throws: `SCIMError` 400 invalidFilter.
  static func filter(_ text: String, over paths: [AttributePath]) throws(SCIMError) -> Filter? {
    guard !text.isEmpty else { return nil }
    if looksLikeFilter(text) { return try Filter(parsing: text) }
    if let filter = try? Filter(parsing: text) { return filter }
    let parts = paths.map { Filter.compare($0, .contains, .string(text)) }
    return parts.dropFirst().reduce(parts.first) { filter, part in filter.map { .or($0, part) } }
  }

  /// Whether a comparison is meant, so that whoever errs in it is told. A name of two words is none.
  private static func looksLikeFilter(_ text: String) -> Bool {
    let words = text.split(separator: " ")
    return words.count > 2 && Filter.Comparison(rawValue: words[1].lowercased()) != nil
  }
}
