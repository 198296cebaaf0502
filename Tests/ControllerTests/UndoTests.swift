import Foundation
import JSON
import LocalDirectory
import Reconciliation
import SCIM
import Testing

@testable import Controller

/// Taking runs back at a real directory, from a real journal.
struct UndoTests {
  private let world: World

  init() throws { world = try World() }

  private func survey(_ run: String) async throws -> EndpointPlan {
    let past = try #require(try await History(world.storage).run(named: run))
    let survey = try await world.reconciler(world.endpoint).survey(
      undoing: past.changes.filter(\.isApplied), of: past.run, world.desired([]))
    return try #require(survey.plan.endpoints.first)
  }

  /// Takes the run back, and gives the plan for it.
  @discardableResult
  private func undo(_ run: String, as name: String = "undo") async throws -> EndpointPlan {
    let plan = try await survey(run)
    var options = world.options()
    options.selection.targets = Set(plan.changes.map(\.key))
    options.author = RunAuthor(verb: "undo", actor: "alice", undoes: run)
    guard !plan.changes.isEmpty else { return plan }
    let result = try await world.reconciler(world.endpoint).carryOut(Plan(endpoints: [plan]), options, run: name)
    guard case .applied(let summary) = result else {
      Issue.record("not applied: \(result)")
      return plan
    }
    let failed = summary.results.filter { !$0.outcome.isApplied }
    #expect(failed.isEmpty)
    return plan
  }

  private func alice(_ attributes: JSONObject) -> DesiredResource { user("alice", attributes) }

  private func live(_ name: String) async throws -> Resource? {
    try await world.resources("User").first { $0.userName == name }
  }

  @Test func attributesGetBackWhatTheyWere() async throws {
    let emails: JSONValue = [
      ["value": "a@corp.example", "type": "work"], ["value": "h@home.example", "type": "home"],
    ]
    let before: JSONObject = [
      "title": "Engineer", "name": ["givenName": "Al", "familyName": "Ice"], "emails": emails,
      enterprise: ["department": "Sales"],
    ]
    let after: JSONObject = [
      "title": "Chief", "nickName": "Ally", "name": ["givenName": "Alice", "familyName": "Ice"],
      "emails": [["value": "b@corp.example", "type": "work"]], enterprise: ["department": "Legal"],
    ]
    try await world.apply([alice(before)], run: "one")
    let first = try #require(try await live("alice"))
    try await world.apply([alice(after)], run: "two")
    let plan = try await undo("two")
    #expect(plan.withheld.isEmpty)
    #expect(plan.changes.map(\.action) == [.update] && plan.changes[0].reason == "takes back run two")
    let now = try #require(try await live("alice"))
    #expect(now.id == first.id)
    for name in ["title", "nickName", "name", "emails", enterprise] {
      #expect(now.attributes[name] == first.attributes[name], "\(name)")
    }
    // Once more there is nothing to take back, and the manifests of before plan to nothing.
    #expect(try await survey("two").changes.isEmpty)
    try await world.expectConverged([alice(before)])
  }

  @Test func anUndoCanBeUndone() async throws {
    try await world.apply([alice(["title": "Engineer"])], run: "one")
    try await world.apply([alice(["title": "Chief"])], run: "two")
    try await undo("two", as: "three")
    #expect(try await live("alice")?["title"] == "Engineer")
    try await undo("three", as: "four")
    #expect(try await live("alice")?["title"] == "Chief")
    let run = try #require(try await History(world.storage).run(named: "three"))
    #expect(run.header?.verb == "undo" && run.header?.undoes == "two" && run.end?.outcome == .applied)
  }

  @Test func whatWasChangedSinceIsLeftAlone() async throws {
    try await world.apply([alice(["title": "Engineer", "nickName": "Al"])], run: "one")
    try await world.apply([alice(["title": "Chief", "nickName": "Ally"])], run: "two")
    let id = try #require(try await live("alice")).id
    try await world.patch("User", id, [PatchOperation(.replace, AttributePath("title"), value: "President")])
    let plan = try await undo("two")
    #expect(plan.withheld.map(\.reason) == ["title was changed since"])
    #expect(plan.changes.flatMap(\.attributes).map(\.path) == ["nickName"])
    let now = try #require(try await live("alice"))
    #expect(now["title"] == "President" && now["nickName"] == "Al")
  }

  @Test func whatOurOwnLaterRunsChangedIsLeftAloneToo() async throws {
    for (run, title) in [("one", "Engineer"), ("two", "Chief"), ("three", "President")] {
      try await world.apply([alice(["title": .string(title)])], run: run)
    }
    let plan = try await undo("two")
    #expect(plan.changes.isEmpty && plan.withheld.map(\.reason) == ["title was changed since"])
  }

  @Test func whatWasCreatedIsDeletedUnlessItWasChanged() async throws {
    try await world.apply([user("alice"), user("bob"), group("staff", users: ["alice"])], run: "one")
    let bob = try #require(try await live("bob"))
    try await world.patch("User", bob.id, [PatchOperation(.replace, AttributePath("userName"), value: "robert")])
    let plan = try await undo("one")
    #expect(plan.withheld.map(\.key.name) == ["bob"])
    #expect(plan.withheld.map(\.reason) == ["it was changed since: userName"])
    #expect(try await world.names() == ["robert"])
    #expect(try await world.names("Group").isEmpty)
  }

  @Test func whatWasDeletedIsMadeAnew() async throws {
    var alice = user("alice", ["title": "Engineer"], manager: "bob")
    alice.lifecycle.onRemoval = .delete
    let staff = group("staff", users: ["alice", "bob"])
    try await world.apply([alice, user("bob"), staff], run: "one")
    try await world.apply([user("bob"), group("staff", users: ["bob"])], prune: true, run: "two")
    #expect(try await world.names() == ["bob"])
    let plan = try await undo("two")
    #expect(plan.withheld.isEmpty)
    let create = try #require(plan.changes.first { $0.action == .create })
    #expect(create.reason.contains("passwords"))
    let again = try #require(try await live("alice"))
    #expect(again["title"] == "Engineer")
    let bob = try #require(try await live("bob"))
    #expect(again.attributes[enterprise]?["manager"]?["value"]?.string == bob.id)
    let members = try await world.resources("Group").first?["members"]?.array?.compactMap { $0["value"]?.string } ?? []
    #expect(members.contains(again.id) && members.count == 2)
    try await world.expectConverged([alice, user("bob"), staff])
  }

  @Test func aNamesakeIsNotDisturbed() async throws {
    var alice = user("alice")
    alice.lifecycle.onRemoval = .delete
    try await world.apply([alice, user("bob")], run: "one")
    try await world.apply([user("bob")], prune: true, run: "two")
    _ = try await world.create("User", ["userName": "ALICE"])
    let plan = try await undo("two")
    #expect(plan.changes.isEmpty && plan.withheld.map(\.reason) == ["another has its userName now"])
  }

  @Test func whoWasDisabledIsActiveAgain() async throws {
    try await world.apply([user("alice"), user("bob")], run: "one")
    try await world.apply([user("bob")], prune: true, run: "two")
    #expect(try await live("alice")?["active"] == false)
    try await undo("two")
    #expect(try await live("alice")?["active"] == true)
    #expect(try await world.storage.ledger(of: "local")[ResourceKey("User", "alice")]?.disabledAt == nil)
  }

  @Test func whoLeftComesAgainAndWhoCameLeaves() async throws {
    let people = [user("alice"), user("bob"), user("carol")]
    try await world.apply(people + [group("staff", users: ["alice", "bob"])], run: "one")
    try await world.apply(people + [group("staff", users: ["bob", "carol"])], run: "two")
    let dave = try await world.create("User", ["userName": "dave"])
    let staff = try #require(try await world.resources("Group").first)
    try await world.patch(
      "Group", staff.id, [PatchOperation(.add, AttributePath("members"), value: [["value": .string(dave.id)]])])
    let plan = try await undo("two")
    #expect(plan.memberCounts == [ResourceKey("Group", "staff"): 3])
    let members = try await world.resources("Group").first?["members"]?.array?.compactMap { $0["value"]?.string } ?? []
    let users = try await world.resources("User")
    let names = users.filter { members.contains($0.id) }.compactMap(\.userName).sorted()
    #expect(names == ["alice", "bob", "dave"])
  }

  @Test func guardrailsHoldForIt() async throws {
    try await world.apply(users(40), run: "one")
    let plan = try await survey("one")
    #expect(plan.changes.count == 40)
    guard case .refused(let objections) = review(Plan(endpoints: [plan]), with: Guardrail.standard()) else {
      Issue.record("forty deletes were approved")
      return
    }
    #expect(objections.map(\.guardrail).contains { $0.lowercased().contains("delete") })
  }

  // MARK: History

  @Test func runsAreFound() async throws {
    let history = History(world.storage)
    try await world.apply([user("alice"), user("bob"), group("staff", users: ["alice"])], run: "run-a")
    world.clock.advance(by: 3600)
    try await world.apply([user("alice"), user("bob"), group("staff", users: ["bob"])], run: "run-b")
    world.clock.advance(by: 3600)
    try await world.apply(
      [user("alice"), user("bob", ["title": "Chief"]), group("staff", users: ["bob"])], run: "run-c")
    var query = History.Query()
    #expect(try await history.runs(query).map(\.run) == ["run-c", "run-b", "run-a"])
    query.limit = 1
    #expect(try await history.runs(query).map(\.counts.applied) == [1])
    query = History.Query()
    query.targets = [ResourceKey("User", "alice")]
    let about = try await history.runs(query)
    #expect(about.map(\.run) == ["run-b", "run-a"])
    #expect(about.map { $0.changes.map(\.key.name) } == [["staff"], ["alice", "staff"]])
    query = History.Query()
    query.since = world.clock.now - 3600
    query.until = world.clock.now
    #expect(try await history.runs(query).map(\.run) == ["run-b"])
    query = History.Query()
    query.endpoints = ["elsewhere"]
    #expect(try await history.runs(query).isEmpty)
    query = History.Query()
    query.commit = "4f1c"
    #expect(try await history.runs(query).isEmpty)
    #expect(try await history.run(named: "run") == nil)
    #expect(try await history.run(named: "run-a")?.changes.count == 3)
  }

  @Test func theEndOfAGroupConcernsItsMembers() async throws {
    let people = [user("alice"), user("bob")]
    try await world.apply(people + [group("staff", users: ["alice"])], run: "run-a")
    try await world.apply(people, prune: true, run: "run-b")
    var query = History.Query()
    query.targets = [ResourceKey("User", "alice")]
    let about = try await History(world.storage).runs(query)
    #expect(about.map(\.run) == ["run-b", "run-a"])
    #expect(about.first?.changes.map(\.key.name) == ["staff"])
    query.targets = [ResourceKey("User", "bob")]
    #expect(try await History(world.storage).runs(query).map(\.run) == ["run-a"])
  }

  @Test func whoLeftWithItsManifestComesAgain() async throws {
    let people = [user("alice"), user("bob", ["userName": "bob@corp.example"])]
    try await world.apply(people + [group("staff", users: ["alice", "bob"])], run: "one")
    try await world.apply([user("alice"), group("staff", users: ["alice"])], prune: true, run: "two")
    let plan = try await undo("two")
    #expect(plan.withheld.isEmpty)
    #expect(try await world.resources("Group").first?["members"]?.array?.count == 2)
    var query = History.Query()
    query.targets = [ResourceKey("User", "bob")]
    query.limit = 2
    #expect(try await History(world.storage).runs(query).last?.changes.map(\.key.name) == ["staff", "bob"])
  }

  /// Runs of the first release, and one that broke off.
  @Test func aRunWithoutAFrameIsFound() async throws {
    let record = JournalRecord(
      run: "old", time: world.clock.now, endpoint: "slack", key: ResourceKey("User", "alice"), action: .create,
      phase: .intent)
    var fact = record
    fact.phase = .fact
    fact.outcome = "applied"
    var other = record
    other.key.name = "bob"
    try await world.storage.append([record, fact, other])
    let run = try #require(try await History(world.storage).runs(History.Query()).first)
    #expect(run.header == nil && run.end == nil && run.endpoints == ["slack"])
    #expect(run.counts.applied == 1 && run.counts.cancelled == 1)
    #expect(run.changes.map(\.outcome) == ["applied", nil])
  }
}
