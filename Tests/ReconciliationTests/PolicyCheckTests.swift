import Foundation
import JSON
import SCIM
import SeededRandom
import Testing

@testable import Reconciliation

@Suite struct PolicyCheckTests {
  private let here = SourceLocation(file: "policy.yaml", line: 1)

  private func policy(_ change: (inout Policy) -> Void) -> Policy {
    var policy = Policy(name: "p")
    change(&policy)
    return policy
  }

  private func violations(_ policy: Policy, _ resources: [DesiredResource]) -> [PolicyViolation] {
    PolicyCheck([policy], catalog: .standard).violations(in: resources.sorted { $0.key < $1.key }, documents: [])
  }

  private func separating(_ names: String...) -> Policy {
    policy { $0.separations = [.init(names.map { ResourceKey("Group", $0) }, at: here)] }
  }

  @Test func theWayIsTold() {
    let found = violations(
      separating("make", "check"),
      [user("a"), group("make", [], groups: ["team"]), group("team", ["a"]), group("check", ["a"])])
    let (team, person) = (ResourceKey("Group", "team"), ResourceKey("User", "a"))
    #expect(
      found.map(\.breach) == [
        .separated(
          first: [ResourceKey("Group", "make"), team, person], second: [ResourceKey("Group", "check"), person])
      ])
    #expect(found.map(\.key) == [person])
  }

  @Test func whoIsAbsentOrOnlyObservedIsInNothing() {
    let absent = user("a", lifecycle: Lifecycle(state: .absent))
    #expect(violations(separating("x", "y"), [absent, group("x", ["a"]), group("y", ["a"])]).isEmpty)
    #expect(
      violations(separating("x", "y"), [user("a"), group("x", ["a"], mode: .observe), group("y", ["a"])]).isEmpty)
    #expect(
      violations(separating("x", "y"), [user("a"), group("x", ["a"], mode: .atLeast), group("y", ["a"])]).count == 1)
  }

  /// Whoever is in both by the definition is found, and nobody else, however groups are nested, circles included.
  @Test(arguments: UInt64(1)...200) func exactlyThoseInBothAreFound(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let people = (0..<6).map { "u\($0)" }
    let names = (0..<6).map { "g\($0)" }
    var members: [String: (people: [String], groups: [String])] = [:]
    for name in names {
      members[name] = (
        people.filter { _ in Int.random(in: 0..<4, using: &random) == 0 },
        names.filter { $0 != name && Int.random(in: 0..<5, using: &random) == 0 }
      )
    }
    func closure(_ name: String) -> Set<String> {
      var (open, groups) = ([name], Set([name]))
      while let next = open.popLast() { open += (members[next]?.groups ?? []).filter { groups.insert($0).inserted } }
      return Set(groups.flatMap { members[$0]?.people ?? [] })
    }
    let found = violations(
      separating("g0", "g1", "g2"),
      people.map { user($0) } + names.map { group($0, members[$0]?.people, groups: members[$0]?.groups ?? []) })
    let pairs = [("g0", "g1"), ("g0", "g2"), ("g1", "g2")]
    #expect(found.map(\.key.name) == pairs.flatMap { closure($0).intersection(closure($1)).sorted() })
    for violation in found {
      guard case .separated(let first, let second) = violation.breach else { continue }
      for path in [first, second] {
        #expect(path.last == violation.key)
        for (outer, inner) in zip(path, path.dropFirst()) {
          let entry = members[outer.name]
          #expect(entry?.people.contains(inner.name) == true || entry?.groups.contains(inner.name) == true)
        }
      }
    }
  }

  @Test(
    arguments: [
      (Lifecycle(state: .absent), [:], true), (Lifecycle(state: .disabled), [:], true),
      (Lifecycle(endsAt: Date(timeIntervalSince1970: 0)), [:], true), (Lifecycle(), ["active": false], true),
      (Lifecycle(), ["active": true], false), (Lifecycle(), [:], false),
    ] as [(Lifecycle, JSONObject, Bool)])
  func theProtectedStay(lifecycle: Lifecycle, attributes: JSONObject, isHarmed: Bool) {
    let rule = policy { $0.protections = [.init(ResourceKey("User", "a"), at: here)] }
    #expect(
      violations(rule, [user("a", attributes, lifecycle: lifecycle), user("b", lifecycle: lifecycle)]).count
        == (isHarmed ? 1 : 0))
  }

  @Test(arguments: [
    ("active eq true and not (emails pr)", true), ("active eq false", false), ("password pr", true),
    ("userName sw \"b\"", false), ("title pr", false),
  ])
  func filtersSeeWhatIsAsked(filter: String, isDenied: Bool) throws {
    let read = try Filter(parsing: filter)
    let rule = policy { $0.denials = [.init("User", read, text: filter, at: here)] }
    let person = user("a", secrets: ["password": .environment("A")])
    #expect(violations(rule, [person, group("g")]).map(\.key.name) == (isDenied ? ["a"] : []))
  }

  @Test func filtersSeeMembersByName() throws {
    let filter = try Filter(parsing: "members[value eq \"a\"]")
    let rule = policy { $0.denials = [.init("Group", filter, text: "", message: "not a", at: here)] }
    let found = violations(rule, [user("a"), group("g", ["a"]), group("h", ["b"])])
    #expect(found.map(\.key.name) == ["g"])
    #expect(found.map(\.breach) == [.denied("not a")])
  }
}
