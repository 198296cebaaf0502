import Foundation
import JSON
import SCIM
import SeededRandom
import Testing

@testable import Reconciliation

/// What holds for every directory, tried on a few hundred generated ones.
@Suite struct PropertyTests {
  static let seeds = Array(UInt64(1)...60)

  /// A directory whose live side is an older, partly damaged version of what is desired.
  private func world(_ seed: UInt64) -> World {
    var random = SplitMix64(seed: seed)
    var world = World()
    let names = (0..<Int.random(in: 1...25, using: &random)).map { "u\($0)" }
    for name in names {
      world.desired.append(user(name, attributes(names, &random)))
      guard Int.random(in: 0..<4, using: &random) > 0 else { continue }
      var live = attributes(names, &random)
      live[enterprise] = nil
      let spelled = Bool.random(using: &random) ? name : name.uppercased()
      world.live["User"]?.append(liveUser("id-\(name)", spelled, live))
      if Bool.random(using: &random) {
        world.ledger[ResourceKey("User", name)] = entry("User", name, "id-\(name)", attributes(names, &random))
      }
    }
    world.live["User"]?.append(liveUser("stranger", "stranger"))
    for index in 0..<Int.random(in: 0...5, using: &random) {
      let members = names.filter { _ in Bool.random(using: &random) }
      world.desired.append(
        group(
          "g\(index)", members, mode: DesiredMembers.Mode.allCases.randomElement(using: &random) ?? .exact,
          allowsEmpty: true))
      guard Bool.random(using: &random) else { continue }
      let live = (world.live["User"] ?? []).map(\.id).filter { _ in Bool.random(using: &random) }
      world.live["Group"]?.append(liveGroup("id-g\(index)", "g\(index)", live))
    }
    world.desired.sort { $0.key < $1.key }
    return world
  }

  private func attributes(_ names: [String], _ random: inout SplitMix64) -> JSONObject {
    var attributes: JSONObject = [:]
    let words = ["x", "y", "z"]
    if Bool.random(using: &random) { attributes["title"] = words.randomElement(using: &random).map(JSONValue.string) }
    if Bool.random(using: &random) { attributes["active"] = .bool(.random(using: &random)) }
    if Bool.random(using: &random) {
      attributes["name"] = ["givenName": .string(words.randomElement(using: &random) ?? "x")]
      if Bool.random(using: &random) { attributes["name"] = ["familyName": "f", "givenName": "g"] }
    }
    let emails = words.filter { _ in Bool.random(using: &random) }.shuffled(using: &random)
    attributes["emails"] = .array(emails.map { ["value": .string("\($0)@a.b"), "type": .string($0)] })
    if let manager = names.randomElement(using: &random), Bool.random(using: &random) {
      attributes[enterprise] = ["department": "D", "manager": ["value": .string("bulkId:User/\(manager)")]]
    }
    return attributes
  }

  @Test(arguments: seeds) func planAfterApplyIsEmpty(seed: UInt64) throws {
    var world = world(seed)
    world.capabilities.supportsPatch = seed % 3 != 0
    try world.apply(world.plan(prune: true))
    let again = world.plan(prune: true)
    #expect(again.changes.isEmpty)
    #expect(again.adoptions.isEmpty)
  }

  @Test(arguments: seeds) func theOrderOfTheInputsDoesNotMatter(seed: UInt64) {
    var world = world(seed)
    let first = Plan(endpoints: [world.plan(prune: true)])
    var random = SplitMix64(seed: seed)
    world.desired.shuffle(using: &random)
    world.live = world.live.mapValues { $0.shuffled(using: &random) }
    let second = Plan(endpoints: [world.plan(prune: true)])
    #expect(first == second)
    #expect(first.hash == second.hash)
  }

  @Test(arguments: seeds) func everythingStandsAfterWhatItNeeds(seed: UInt64) {
    let changes = world(seed).plan(prune: true).changes
    var done: Set<ResourceKey> = []
    for change in changes {
      #expect(done.isSuperset(of: change.dependencies))
      done.insert(change.key)
    }
  }

  @Test(arguments: seeds) func incompleteReadsTakeNothingAway(seed: UInt64) {
    var world = world(seed)
    world.desired.removeAll { $0.key.name.hasSuffix("1") }
    world.incomplete = ["User": "page 2 failed", "Group": "page 2 failed"]
    let changes = world.plan(prune: true).changes
    #expect(changes.allSatisfy { $0.action != .delete && $0.action != .disable })
    #expect(changes.flatMap(\.operations).allSatisfy { $0.verb != .remove || $0.path?.attribute != "members" })
  }

  @Test(arguments: seeds) func patchingTurnsOneIntoTheOther(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let type = try #require(SchemaCatalog.standard.resourceType("User"))
    let rules = TypeRules(type, catalog: .standard)
    var (from, to) = (attributes([], &random), attributes([], &random))
    for name in from.keys where to[name] == nil { to[name] = .null }
    from["userName"] = "a"
    var diff = ResourceDiff(rules: rules, references: References())
    diff.compare(to, with: from, applied: nil)
    let patched = try ResourcePatcher(type: type, catalog: .standard).applying(diff.operations, to: from)
    var rest = ResourceDiff(rules: rules, references: References())
    rest.compare(to, with: patched, applied: nil)
    #expect(rest.operations.isEmpty)
  }
}
