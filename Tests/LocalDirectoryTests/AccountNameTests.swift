import Foundation
import JSON
import LocalDirectory
import SCIM
import SeededRandom
import Testing

/// Which names accounts may have, and which of them are one.
struct AccountNameTests {
  private static let unseen = [
    "ann\u{0}", "vip\u{0}hidden", "a\nb", "\u{7F}", "a\u{85}", "ad\u{AD}min", "admin\u{200B}", "\u{202E}nimda",
    "\u{FEFF}a",
    "a\u{2028}b", "\u{2066}a\u{2069}",
  ]

  @Test(arguments: unseen) func whatNobodySeesIsInNoName(_ name: String) async throws {
    let fixture = try DirectoryFixture()
    #expect(AccountName.chosen(name) == nil)
    let refused = await scimError { try await fixture.makeUser(name) }
    #expect(refused?.status == 400)
    let ann = try await fixture.makeUser("ann")
    let renaming = PatchOperation(.replace, AttributePath("userName"), value: .string(name))
    #expect(await scimError { try await fixture.patchUser(ann.id, renaming) }?.status == 400)
  }

  @Test(arguments: [
    " admin", "admin ", "ad\u{A0}min", "\u{3000}admin", "\u{24D0}dmin", "\u{1D41A}dmin", "\u{E000}", "\u{FB01}sh", "",
    " ",
  ])
  func whatLooksLikeAnotherNameIsNotChosen(_ name: String) { #expect(AccountName.chosen(name) == nil) }

  @Test(arguments: [
    ("ann", "ann"), ("Ann Lee", "Ann Lee"), ("PARTNER/ann", "PARTNER/ann"), ("a@b.example", "a@b.example"),
    ("\u{FF41}dmin", "admin"), ("\u{FF21}\u{FF20}\u{FF5E}", "A@~"), ("cafe\u{301}", "caf\u{E9}"), ("\u{212A}im", "Kim"),
    ("李雷", "李雷"), ("Ånne", "Ånne"),
  ])
  func aChosenNameIsPlain(_ name: String, _ expected: String) {
    #expect(AccountName.chosen(name)?.isExactly(expected) == true)
  }

  @Test func aLongNameIsNobodys() async throws {
    let fixture = try DirectoryFixture()
    let longest = String(repeating: "a", count: UserName.longest)
    _ = try await fixture.makeUser(longest)
    #expect(await scimError { try await fixture.makeUser(longest + "a") }?.status == 400)
    #expect(!AccountName.mayExist(longest + "a") && AccountName.mayExist(longest))
    let secret = String(repeating: "a", count: AccountName.longestSecret + 1)
    #expect(await scimError { try await fixture.makeUser("b", ["password": .string(secret)]) }?.status == 400)
  }

  /// Names that an earlier release took stay where they are, in nobody's way.
  @Test func anEarlierNameStandsInNobodysWay() async throws {
    let fixture = try DirectoryFixture()
    let old = StoredResource(
      type: "User", id: "old", attributes: ["userName": "vip\u{0}hidden"], version: 1, created: .now, lastModified: .now
    )
    try await fixture.store.write { transaction in
      try transaction.insert(old)
      try transaction.setPasswordHash("reversed:dlo", of: "old")
    }
    #expect(try await fixture.directory.authenticate(userName: "vip", password: "old") == nil)
    #expect(try await fixture.directory.authenticate(userName: "vip\u{0}hidden", password: "old") == nil)
    let vip = try await fixture.makeUser("vip", ["password": "new"])
    #expect(try await fixture.directory.authenticate(userName: "VIP", password: "new")?.id == vip.id)
    #expect(try await fixture.directory.authenticate(userName: "vip\u{0}x", password: "new") == nil)
    let title = PatchOperation(.replace, AttributePath("title"), value: "Dr")
    #expect(try await fixture.patchUser("old", title)["title"] == "Dr")
  }

  /// However a name is spelled that is known, it is the one account; and what is not the same leads to none.
  @Test(arguments: 1...4) func aNameLeadsToItsAccountAndNoOther(_ seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    let fixture = try DirectoryFixture()
    let alphabet: [Character] = ["a", "B", "\u{E9}", "e\u{301}", "K", "\u{212A}", "ß", "0", "."]
    let spelling = { (random: inout SplitMix64) in
      String((0..<Int.random(in: 1...3, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "a" })
    }
    var accounts: [String: String] = [:]
    for _ in 1...60 {
      let name = spelling(&random)
      let isTaken = accounts.keys.contains { AccountName.areSame($0, name) }
      let error = await scimError {
        accounts[name] = try await fixture.makeUser(name, ["password": .string("pw " + name)]).id
      }
      #expect((error?.kind == .uniqueness) == isTaken, "\(name)")
    }
    for _ in 1...60 {
      let name = spelling(&random)
      let known = accounts.first { AccountName.areSame($0.key, name) }
      let found = try await fixture.directory.authenticate(userName: name, password: "pw " + (known?.key ?? name))
      #expect(found?.id == known?.value)
    }
  }
}
