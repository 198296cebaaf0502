import HummingbirdCore
import JSON
import LocalDirectory
import SCIM

/// What there is to see of a resource, and what can be done to it.
struct ResourcePage {
  /// The most groups, or roles, that are shown of a user.
  private static let referenceLimit = 100
  /// The most members that are shown of a group.
  private static let memberLimit = 20

  private let place: ResourcePlace
  private var visit: ConsoleVisit { place.visit }

  init(_ place: ResourcePlace) { self.place = place }

  func response() async throws -> Response {
    try place.demand(.read)
    let type = try visit.type(place.kind)
    let resource = try await place.resource()
    let description = AttributeDescription(
      resource, type, visit.directory.catalog, hiding: ["groups", "roles", "members", "users"])
    let notice = Notice(try visit.query)
    return visit.page(
      "console-resource", title: resource.label, section: place.kind.path,
      [
        "noun": .text(place.kind.noun), "state": state(resource), "sections": description.content,
        "notice": notice.map { .text($0.text(place.kind)) },
        "links": .list(links(isClient: resource["inbound"]?["openidconnect"] != nil)),
        "switches": .list(switches(resource)),
        "deletion": place.may(.delete) ? .text(place.path(.delete)) : nil,
        "references": .list(try await references(of: resource)),
        "back": visit.may(.read, place.kind)
          ? .object(["address": .text(place.kind.path), "label": .text("All \(place.kind.title.lowercased())")]) : nil,
      ])
  }

  private func state(_ resource: Resource) -> PageContent? {
    let attribute: String
    switch place.kind {
    case .users: attribute = "active"
    case .identityProviders: attribute = "enabled"
    default: return nil
    }
    let isOn = resource[attribute] != false
    let word = !isOn ? "Disabled" : place.kind == .users ? "Active" : "Enabled"
    return .object(["state_label": .text(word), "is_off": .flag(!isOn)])
  }

  // MARK: What can be done

  /// - Parameter isClient: whether it is an application with an identifier of its own.
  private func links(isClient: Bool) -> [[String: PageContent]] {
    guard place.may(.update) else { return [] }
    var links: [(String, ConsoleRoute.Action)] = [("Edit", .edit)]
    if place.kind.holdsMembers { links.append(("Members", .members)) }
    if place.kind == .users { links.append(("Set password", .password)) }
    if isClient { links.append(("New client secret", .secret)) }
    return links.map { ["label": .text($0), "address": .text(place.path($1))] }
  }

  /// What one press does.
  private func switches(_ resource: Resource) -> [[String: PageContent]] {
    guard place.kind == .users, place.may(.update) else { return [] }
    let isActive = resource["active"] != false
    let path = place.path(.active)
    return [
      [
        "action": .text(path), "form_token": visit.token(for: path), "field": .text(ActivationForm.field),
        "value": .text(isActive ? "false" : "true"), "label": .text(isActive ? "Disable" : "Enable"),
      ]
    ]
  }

  // MARK: Where a user belongs, and who belongs here

  private func references(of resource: Resource) async throws -> [[String: PageContent]] {
    if place.kind.holdsMembers { return [try await members()] }
    guard place.kind == .users else { return [] }
    return [ConsoleKind.groups, .roles].map { kind in
      let all = resource[kind.slug]?.array ?? []
      let targets = all.prefix(Self.referenceLimit).map { reference in
        let id = reference["value"]?.string ?? ""
        let summary = ResourceSummary(type: kind.type, id: id, label: reference["display"]?.string ?? id)
        return target(summary, reference["type"] == "indirect" ? "through a group" : nil)
      }
      return references(
        kind.title, Array(targets), of: all.count, none: "In no \(kind.noun).", more: place.path(.access),
        "How this comes about")
    }
  }

  private func members() async throws -> [String: PageContent] {
    let page = try await visit.directory.members(
      of: try visit.type(place.kind), id: place.id, limit: Self.memberLimit)
    let targets = page.members.map { target($0, $0.type == "Group" ? "group" : nil) }
    return references(
      "Members", targets, of: page.total, none: "Nobody yet.", more: place.path(.members), "All members")
  }

  /// - Parameter more: the page that shows them all.
  private func references(
    _ heading: String, _ targets: [[String: PageContent]], of total: Int, none: String, more: String, _ label: String
  ) -> [String: PageContent] {
    let left = total - targets.count
    return [
      "heading": .text(total == 0 ? heading : "\(heading) (\(total))"), "none": .optional(total == 0 ? none : nil),
      "left_out": .optional(left > 0 ? "And \(left) more." : nil), "targets": .list(targets),
      "more": total == 0 ? false : .object(["address": .text(more), "label": .text(label)]),
    ]
  }

  private func target(_ summary: ResourceSummary, _ way: String?) -> [String: PageContent] {
    ["address": visit.address(of: summary), "label": .text(summary.label), "way": .optional(way)]
  }
}
