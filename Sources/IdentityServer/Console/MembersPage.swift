import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import OpenID
import SCIM

/// The members of a group or role, page by page, and who could be added.
struct MembersPage {
  /// The most that are offered to be added.
  private static let candidates = 20
  private static let member = "member"
  private static let change = "change"

  private let place: ResourcePlace
  private var visit: ConsoleVisit { place.visit }

  init(_ place: ResourcePlace) { self.place = place }

  func response() async throws -> Response {
    try place.demand(.read)
    guard visit.isPost else { return try await page() }
    try place.demand(.update)
    let form = try await visit.posted()
    do {
      return try await change(form)
    } catch let error as SCIMError where error.status == 400 {
      return try await page(.badRequest, objection: error.detail)
    }
  }

  private func change(_ form: PostedForm) async throws -> Response {
    let type = try visit.type(place.kind)
    guard let id = form[Self.member], let verb = form[Self.change].flatMap(PatchOperation.Verb.init), verb != .replace,
      let kind = try await visit.directory.summaries(of: [id]).first?.type,
      let attribute = visit.directory.catalog.membershipAttribute(of: type, for: kind)
    else {
      throw SCIMError(status: 400, .invalidValue, "There is nobody here whom this form could be about.")
    }
    let operation = PatchOperation(verb, AttributePath(attribute), value: [["value": .string(id)]])
    _ = try await visit.directory.patch(
      type: type, id: place.id, operations: [operation], by: visit.author, projection: .identity)
    let notice = verb == .add ? Notice.memberAdded : .memberRemoved
    return .seeOther(address(try visit.query, [Notice.parameter: notice.rawValue]))
  }

  // MARK: The page

  private func page(_ status: HTTPResponse.Status = .ok, objection: String? = nil) async throws -> Response {
    let query = try visit.query
    let (search, first) = (query["search"]?.trimmed ?? "", try Paging.first(in: query))
    let label = try await place.resource().label
    let list = try await visit.directory.members(
      of: try visit.type(place.kind), id: place.id, matching: search.isEmpty ? nil : search, offset: first - 1,
      limit: Paging.size)
    var content: [String: PageContent?] = [
      "path": .text(place.path(.members)), "search": .text(search), "objection": .optional(objection),
      "notice": Notice(query).map { .text($0.text(place.kind)) }, "add": .text(query["add"] ?? ""),
      "none": .optional(list.total > 0 ? nil : search.isEmpty ? "Nobody yet." : "Nobody here matches this search."),
      "members": .list(try await described(list.members).map { row($0, .remove) }),
      "may_change": .flag(place.may(.update)),
      "back": .object(["address": .text(place.path()), "label": .text(label)]),
    ]
    content.merge(
      Paging(first: first, shown: list.members.count, of: list.total) { from in
        address(query, ["from": String(from)])
      }.content
    ) { own, _ in own }
    if place.may(.update), let wanted = query["add"]?.trimmed, !wanted.isEmpty {
      content.merge(try await candidates(wanted)) { own, _ in own }
    }
    return visit.page(
      "console-members", title: "Members of \(label.isolated)", status: status, section: place.kind.path, content)
  }

  private func row(_ summary: ResourceSummary, _ verb: PatchOperation.Verb, isMember: Bool = false)
    -> [String: PageContent]
  {
    [
      "label": .text(summary.label), "kind": .text(ConsoleKind.named(summary.type)?.noun ?? summary.type),
      "address": visit.address(of: summary),
      "is_member": .flag(isMember), "member": .text(summary.id), "change": .text(verb.rawValue),
      "verb": .text(verb == .add ? "Add" : "Remove"),
      "action": .text(action), "form_token": visit.token(for: place.path(.members)),
    ]
  }

  private static let naming = ["userName", "displayName", "meta"].map { AttributePath($0) }

  /// The members with all that tells them apart, for two people may have one name.
  private func described(_ members: [ResourceSummary]) async throws -> [ResourceSummary] {
    let ids = members.map { Filter.compare(AttributePath("id"), .equal, .string($0.id)) }
    guard let first = ids.first else { return members }
    let types = visit.directory.catalog.resourceTypes.filter { type in members.contains { $0.type == type.name } }
    let list = try await visit.directory.list(
      types: types,
      ListQuery(filter: ids.dropFirst().reduce(first) { .or($0, $1) }, attributes: Self.naming))
    let known = Dictionary(list.resources.map { ($0.id, Self.summary($0)) }, uniquingKeysWith: { first, _ in first })
    return members.map { known[$0.id] ?? $0 }
  }

  private static func summary(_ resource: Resource) -> ResourceSummary {
    let names = [resource.label, resource.fullName ?? resource.label]
    return ResourceSummary(
      type: resource["meta"]?["resourceType"]?.string ?? "", id: resource.id,
      label: names[0] == names[1] ? names[0] : "\(names[0]) (\(names[1]))")
  }

  /// Who could be added, by a search.
  private func candidates(_ text: String) async throws -> [String: PageContent?] {
    let type = try visit.type(place.kind)
    let catalog = visit.directory.catalog
    let kinds = [ConsoleKind.users, .groups].filter {
      catalog.membershipAttribute(of: type, for: $0.type) != nil && visit.may(.read, $0)
    }
    do {
      let list = try await visit.directory.list(
        types: try kinds.map { try visit.type($0) },
        ListQuery(
          filter: try ConsoleSearch.filter(text, over: kinds.flatMap(\.searched)), count: Self.candidates,
          attributes: Self.naming))
      let ids = list.resources.map(\.id)
      let members = try await visit.directory.members(among: ids, of: type, id: place.id)
      let rows = list.resources.map { row(Self.summary($0), .add, isMember: members.contains($0.id)) }
      let left = (list.totalResults ?? 0) - rows.count
      return [
        "candidates": .list(rows), "no_candidates": .flag(rows.isEmpty),
        "left_out": .optional(left > 0 ? "And \(left) more: search for more of the name." : nil),
      ]
    } catch let error as SCIMError where error.status == 400 {
      return ["add_problem": .text(error.detail)]
    }
  }

  /// Where forms are sent, so that the page comes back as it was.
  private var action: String { address(try? visit.query, [:]) }

  /// The page with what it was asked for, and something changed.
  private func address(_ query: QueryParameters?, _ changes: [String: String]) -> String {
    var fields = changes
    for name in ["search", "add", "from"] where fields[name] == nil { fields[name] = query?[name] }
    return fields.isEmpty ? place.path(.members) : "\(place.path(.members))?\(FormEncoding.encoded(fields))"
  }
}
