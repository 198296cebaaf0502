import Foundation
import JSON
import SCIM
import Testing

@testable import Reconciliation

/// What is not wanted of a listing must never have made a difference.
@Suite struct ListingInterestTests {
  private static let listed: Set<String> = ["id", "externalId", "displayName"]

  /// Groups that a manifest manages, one to be found by its name, one by an earlier name, one whose members no manifest
  /// names, one that is to go, one whose manifest is gone, and strangers.
  private func world() -> World {
    var world = World()
    world.capabilities.listedAttributes = ["Group": Self.listed]
    var renamed = group("new", ["a"])
    renamed.previously = ["Old"]
    var absent = group("absent")
    absent.lifecycle.state = .absent
    world.desired = [
      user("a"), user("b"), group("team", ["a", "b"]), group("found", ["a"]), renamed, group("bare"), absent,
      group("watched", ["a"], mode: .observe), group("unborn", ["b"]),
    ]
    world.live["User"] = [liveUser("1", "a"), liveUser("2", "b"), liveUser("9", "stranger")]
    world.live["Group"] = [
      liveGroup("g1", "Team of old", ["1", "9"]), liveGroup("g2", "FOUND", ["2"]), liveGroup("g3", "old", ["2"]),
      liveGroup("g4", "bare", ["9"]), liveGroup("g5", "absent", ["1"]), liveGroup("g6", "watched", ["9"]),
      liveGroup("g7", "gone", ["1", "2"]), liveGroup("g8", "Foreign", ["9"]), liveGroup("g9", "AWS Admins", ["1"]),
    ]
    world.live["Group"]?[7].attributes["externalId"] = "theirs"
    world.ledger = Ledger([
      entry("User", "a", "1", ["userName": "a"]), entry("User", "b", "2", ["userName": "b"]),
      entry("Group", "team", "g1", ["displayName": "team", "members": ["bulkId:User/a"]]),
      entry("Group", "gone", "g7", ["displayName": "gone"]),
      // The manifest says no longer who belongs to it.
      entry("Group", "bare", "g4", ["displayName": "bare", "members": ["bulkId:User/a"]]),
    ])
    return world
  }

  private func interest(
    _ world: World, prune: Bool = false, _ selection: Selection = Selection()
  ) -> ListingInterest {
    let desired = DesiredState(resources: world.desired, endpoints: [world.declaration])
    return InterestSurvey(prune: prune, selection: selection).interests(
      in: desired, at: world.declaration.name, world.capabilities, owned: world.ledger)["Group"] ?? .all
  }

  /// The groups as the listing brings them.
  private func listed(_ world: World, _ interest: ListingInterest) -> [Resource] {
    (world.live["Group"] ?? []).map { whole in
      let part = Resource(
        JSONObject(whole.attributes.members.filter { Self.listed.contains($0.key) }.map { ($0.key, $0.value) }))
      return interest.wants(part) ? whole : part
    }
  }

  private func wanted(_ world: World, _ interest: ListingInterest) -> [String] {
    (world.live["Group"] ?? []).filter(interest.wants).map(\.id)
  }

  @Test func onlyWhatManifestsManageIsReadWhole() {
    #expect(wanted(world(), interest(world())) == ["g1", "g2", "g3", "g5"])
    #expect(wanted(world(), interest(world(), prune: true)) == ["g1", "g2", "g3", "g5", "g7"])
    let one = Selection(targets: [ResourceKey("Group", "found")])
    #expect(wanted(world(), interest(world(), one)) == ["g2"])
  }

  @Test func whoTakesMoreReadsMore() {
    var world = world()
    world.declaration.safety.minAdmins = 1
    #expect(wanted(world, interest(world)).last == "g9")
    world.declaration.ownership = .externalId
    #expect(wanted(world, interest(world, prune: true)).suffix(2) == ["g8", "g9"])
    world.declaration.ownership = .authoritative
    #expect(wanted(world, interest(world, prune: true)).count == 9)
  }

  @Test func whatAFilterOrACorrelationNeedsIsReadOfAll() throws {
    var filtered = world()
    filtered.declaration.safety.protect = [try Filter(parsing: "members pr")]
    var correlated = world()
    correlated.declaration.correlation = ["members.value"]
    var whole = world()
    whole.capabilities.supportsPatch = false
    for world in [filtered, correlated, whole] { #expect(wanted(world, interest(world)).count == 9) }
    var harmless = world()
    harmless.declaration.safety.protect = [try Filter(parsing: "displayName eq \"x\" or userName eq \"root\"")]
    #expect(wanted(harmless, interest(harmless)) == ["g1", "g2", "g3", "g5"])
  }

  @Test func whatOnceWasWrittenAndIsNotListedIsReadToo() throws {
    var world = world()
    #expect(!wanted(world, interest(world)).contains("g4"))
    world.ledger[ResourceKey("Group", "bare")]?.applied["nickName"] = "n"
    #expect(wanted(world, interest(world)).contains("g4"))
  }

  /// Every setting, in every combination.
  @Test(arguments: 0..<64)
  func thePlanIsTheSame(number: Int) {
    var world = world()
    let prune = number & 1 != 0
    if number & 2 != 0 { world.declaration.safety.minAdmins = 1 }
    world.declaration.ownership = [.ledger, .externalId, .authoritative, .ledger][number / 4 % 4]
    if number & 16 != 0 { world.ledger = Ledger() }
    if number & 32 != 0 { world.declaration.scope.matchLabels = ["team": "x"] }
    var partial = world
    partial.live["Group"] = listed(world, interest(world, prune: prune))
    #expect(partial.live["Group"] != world.live["Group"] || (prune && number / 4 % 4 == 2))
    #expect(partial.plan(prune: prune) == world.plan(prune: prune))
  }
}
