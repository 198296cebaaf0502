import HummingbirdCore
import JSON
import LocalDirectory
import SCIM

/// What a user has access to, and how that comes about.
struct AccessPage {
  private let place: ResourcePlace
  private var visit: ConsoleVisit { place.visit }

  init(_ place: ResourcePlace) { self.place = place }

  func response() async throws -> Response {
    try place.demand(.read)
    let user = try await place.resource()
    let access = try await EffectiveAccess(of: place.id, in: visit.directory) { visit.may(.read, .roles, id: $0) }
    let permissions = access.permissions.map { permission in
      [
        "permission": PageContent.text(permission.name),
        "by": .text(permission.roles.map(\.isolated).joined(separator: ", ")),
      ]
    }
    return visit.page(
      "console-access", title: "Access of \(user.label.isolated)", section: place.kind.path,
      [
        "back": .object(["address": .text(place.path()), "label": .text(user.label)]),
        "is_off": .flag(user["active"] == false), "start": .text(user.label),
        "kinds": .list([ConsoleKind.groups, .roles].map { section($0, access.ways) }),
        "permissions": .list(permissions), "has_permissions": .flag(!permissions.isEmpty),
      ])
  }

  private func section(_ kind: ConsoleKind, _ ways: [MembershipWay]) -> [String: PageContent] {
    let own = ways.filter { $0.container.type == kind.type }
    // In the order in which they come first.
    var order: [String] = []
    for way in own where !order.contains(way.container.id) { order.append(way.container.id) }
    let byContainer = Dictionary(grouping: own, by: \.container.id)
    return [
      "heading": .text(kind.title), "none": .optional(own.isEmpty ? "In no \(kind.noun)." : nil),
      "entries": .list(
        order.compactMap { byContainer[$0] }.map { ways in
          ["container": .object(step(ways[0].container)), "ways": .list(ways.map(content))]
        }),
    ]
  }

  private func content(_ way: MembershipWay) -> [String: PageContent] {
    [
      "is_direct": .flag(way.through.isEmpty), "steps": .list(way.through.map(step)),
      "end": .object(step(way.container)),
    ]
  }

  private func step(_ summary: ResourceSummary) -> [String: PageContent] {
    ["label": .text(summary.label), "address": visit.address(of: summary)]
  }
}
