import JSON
import SCIM
import Testing

@testable import Reconciliation

/// Service providers name identity providers, and endpoints refuse names of what is not there or not there any more.
@Suite struct ProviderOrderTests {
  private let outbound = { (names: [String]) -> JSONValue in .array(names.map { ["identityProvider": .string($0)] }) }

  private func resource(_ kind: String, _ name: String, _ attributes: JSONObject = [:]) -> DesiredResource {
    var all: JSONObject = ["name": .string(name)]
    for member in attributes { all[member.key] = member.value }
    return DesiredResource(
      key: ResourceKey(kind, name), attributes: all, location: SourceLocation(file: "providers.yaml", line: 1))
  }

  private func live(_ name: String, _ attributes: JSONObject = [:]) -> Resource {
    var all: JSONObject = ["id": .string("id-\(name)"), "name": .string(name)]
    for member in attributes { all[member.key] = member.value }
    return Resource(all)
  }

  /// The changes by what they are about, each with what must be done before it.
  private func order(_ world: World) -> [(name: String, needs: [String])] {
    world.plan(prune: true).changes.map { ($0.key.name, $0.dependencies.map(\.name)) }
  }

  @Test func whatIsNamedComesFirst() {
    var world = World()
    world.desired = [
      resource("IdentityProvider", "is2"), resource("IdentityProvider", "other"),
      resource("ServiceProvider", "shop", ["authentication": ["steps": [["federated": ["is2"]]]]]),
      resource("ServiceProvider", "till", ["outboundProvisioning": outbound(["other"])]),
    ]
    let order = order(world)
    #expect(order.map(\.name) == ["is2", "other", "shop", "till"])
    #expect(order.map(\.needs) == [[], [], ["is2"], ["other"]])
  }

  @Test func whatIsNamedNoLongerIsChangedAfterwards() {
    var world = World()
    world.desired = [
      resource("IdentityProvider", "is2", ["enabled": false]),
      resource("ServiceProvider", "shop", ["outboundProvisioning": []]),
    ]
    world.live["IdentityProvider"] = [live("is2", ["enabled": true])]
    world.live["ServiceProvider"] = [live("shop", ["outboundProvisioning": outbound(["is2"])])]
    let order = order(world)
    #expect(order.map(\.name) == ["shop", "is2"])
    #expect(order.map(\.needs) == [[], ["shop"]])
  }

  @Test func toSignInAndToBeProvisionedAreTwoThings() {
    var world = World()
    let steps: JSONValue = ["steps": [["federated": ["is2"]]]]
    world.desired = [
      resource("IdentityProvider", "is2", ["enabled": false]),
      resource("ServiceProvider", "shop", ["authentication": steps, "outboundProvisioning": []]),
    ]
    world.live["IdentityProvider"] = [live("is2", ["enabled": true])]
    world.live["ServiceProvider"] = [
      live("shop", ["authentication": steps, "outboundProvisioning": outbound(["is2"])])
    ]
    #expect(order(world).map(\.name) == ["shop", "is2"])
  }

  @Test func whatIsDeletedGoesAfterWhoNamesIt() {
    var world = World()
    world.live["IdentityProvider"] = [live("is2")]
    world.live["ServiceProvider"] = [
      live("shop"), live("till", ["authentication": ["steps": [["federated": ["is2"]], ["local": ["basic"]]]]]),
    ]
    world.desired = [resource("ServiceProvider", "till", ["authentication": ["steps": [["local": ["basic"]]]]])]
    world.ledger = Ledger([
      entry("IdentityProvider", "is2", "id-is2", onRemoval: .delete),
      entry("ServiceProvider", "shop", "id-shop", onRemoval: .delete), entry("ServiceProvider", "till", "id-till"),
    ])
    let order = order(world)
    #expect(order.map(\.name) == ["till", "shop", "is2"])
    #expect(order.last.map { Set($0.needs) } == ["till", "shop"])
  }
}
