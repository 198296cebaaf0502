import JSON
import SCIM
import Testing

@testable import Reconciliation

@Suite struct MatcherTests {
  private func match(
    _ desired: [DesiredResource], _ live: [Resource], _ ledger: Ledger = Ledger(), kind: String = "User"
  ) throws
    -> Matcher.Result
  {
    let type = try #require(SchemaCatalog.standard.resourceType(kind))
    let matcher = Matcher(
      rules: TypeRules(type, catalog: .standard), correlation: ["externalId", "userName", "displayName"])
    return matcher.match(
      desired.map { MatchSubject(key: $0.key, attributes: $0.attributes, previously: $0.previously) }, live: live,
      ledger: ledger)
  }

  @Test func theLedgerBeatsEveryAttribute() throws {
    let result = try match(
      [user("alice", ["externalId": "E1"])],
      [liveUser("1", "gone-name"), liveUser("2", "alice", ["externalId": "E1"])],
      Ledger([entry("User", "alice", "1")]))
    #expect(result.matches[0].situation == .linked)
    #expect(result.matches[0].live?.id == "1")
    #expect(result.leftovers.map(\.id) == ["2"])
  }

  @Test func externalIdBeatsUserName() throws {
    let result = try match(
      [user("alice", ["externalId": "E1"])], [liveUser("1", "alice"), liveUser("2", "old", ["externalId": "E1"])])
    #expect(result.matches[0].live?.id == "2")
    #expect(result.matches[0].correlation == "externalId")
  }

  @Test(arguments: [("Alice", true), ("alice2", false)])
  func userNamesAreFolded(name: String, isFound: Bool) throws {
    let result = try match([user("alice")], [liveUser("1", name)])
    #expect(result.matches[0].situation == (isFound ? .found : .missing))
  }

  @Test func externalIdIsCaseExact() throws {
    let result = try match([user("alice", ["externalId": "e1"])], [liveUser("1", "other", ["externalId": "E1"])])
    #expect(result.matches[0].situation == .missing)
  }

  @Test func twoLiveCandidatesAreAmbiguousAndNeitherIsLeftOver() throws {
    let result = try match([user("alice")], [liveUser("2", "alice"), liveUser("1", "ALICE")])
    #expect(result.matches[0].situation == .ambiguous)
    #expect(result.matches[0].candidates == ["1", "2"])
    #expect(result.leftovers.isEmpty)
  }

  @Test func anIdClaimedByTwoIsAmbiguousForBoth() throws {
    let ledger = Ledger([entry("User", "alice", "1"), entry("User", "bob", "1")])
    let result = try match([user("alice"), user("bob")], [liveUser("1", "alice")], ledger)
    #expect(result.matches.map(\.situation) == [.ambiguous, .ambiguous])
  }

  @Test func aNameThatItsOwnerGivesUpIsFree() throws {
    let result = try match(
      [user("alice", ["userName": "alice2"]), user("newcomer", ["userName": "alice"])], [liveUser("1", "alice")],
      Ledger([entry("User", "alice", "1")]))
    #expect(result.matches.map(\.situation) == [.linked, .missing])
  }

  @Test func earlierNamesComeLast() throws {
    let result = try match([user("alice", previously: ["al"])], [liveUser("1", "AL")])
    #expect(result.matches[0].situation == .found)
  }

  @Test func displayNameTiesGroupsAndNotPeople() throws {
    let people = try match(
      [user("a", ["displayName": "John Smith"])], [liveUser("1", "b", ["displayName": "John Smith"])])
    #expect(people.matches[0].situation == .missing)
    let groups = try match([group("Admins")], [liveGroup("1", "admins")], kind: "Group")
    #expect(groups.matches[0].live?.id == "1")
  }
}
