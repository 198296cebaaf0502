import Foundation
import JSON
import Manifests
import Reconciliation
import SCIM
import Testing

@Suite struct PolicyTests {
  private func compile(_ files: [String: String]) -> Compilation {
    ManifestCompiler().compile(
      files.map { ManifestSource(path: "root/\($0.key)", place: $0.key, bytes: Array($0.value.utf8)) })
  }

  private let contract = document(
    "Policy", "privileged",
    """

      protect: [{user: breakglass}]
      separationOfDuties: [{groups: [payments-maker, payments-checker]}]
      tiers: [{tier: "0", groups: [aws-admins], approvals: 2, authorMayNotBenefit: true}]
      paths: [{path: groups/aws/**, kinds: [Group], names: [aws-*]}]
      deny: [{kind: User, filter: active eq true and not (emails pr), message: every active user needs an e-mail address}]
    """)

  @Test func theExampleOfTheContract() throws {
    let compilation = compile([
      "policy.yaml": contract, "groups/aws/admins.yaml": group("aws-admins"),
      "groups/payments.yaml": group("payments-maker") + "---\n" + group("payments-checker"),
      "people.yaml": user("breakglass", "emails: [{value: a@b.example}]"),
    ])
    #expect(compilation.diagnostics.isEmpty, "\(compilation.diagnostics)")
    let policy = try #require(compilation.desiredState.policies.first)
    #expect(policy.protections.map(\.key) == [ResourceKey("User", "breakglass")])
    #expect(
      policy.separations.map(\.groups) == [["payments-maker", "payments-checker"].map { ResourceKey("Group", $0) }])
    #expect(policy.tiers.map(\.approvals) == [2] && policy.tiers.map(\.authorMayNotBenefit) == [true])
    #expect(policy.places.map(\.path.description) == ["groups/aws/**"])
    #expect(policy.denials.map(\.message) == ["every active user needs an e-mail address"])
  }

  @Test func theMessageOfADenialIsThePolicys() {
    let diagnostics = compile(["policy.yaml": contract, "people.yaml": user("breakglass")]).diagnostics
    let denied = diagnostics.first { $0.code == DiagnosticCode.deniedResource.rawValue }
    #expect(denied?.message == "every active user needs an e-mail address")
    #expect(denied?.location == SourceLocation(file: "root/people.yaml", line: 3, column: 18))
    #expect(denied?.notes.first?.location?.file == "root/policy.yaml")
  }

  @Test func aCheckAloneFindsWhatACompilationFinds() async {
    let sources = ["policy.yaml": contract, "people.yaml": user("breakglass", "active: false")].map {
      ManifestSource(path: $0.key, bytes: Array($0.value.utf8))
    }
    let validation = await ManifestCompiler().validate(sources, parallelism: 2)
    #expect(validation.diagnostics == ManifestCompiler().compile(sources).diagnostics)
    #expect(validation.diagnostics.contains { $0.code == DiagnosticCode.protectedIdentity.rawValue })
  }

  @Test(arguments: [
    ("groups/aws/a.yaml", "aws-x", true), ("groups/aws/deep/a.yaml", "aws-x", true), ("groups/a.yaml", "aws-x", false),
    ("groups/aws/a.yaml", "ops", false), ("groups/a.yaml", "ops", true), ("people/groups/aws/a.yaml", "aws-x", false),
  ])
  func foldersDeclareWhatTheyMay(file: String, name: String, isAllowed: Bool) {
    let diagnostics = compile([
      "policy.yaml": document("Policy", "p", "{paths: [{path: groups/aws/**, kinds: [Group], names: [aws-*]}]}"),
      file: group(name),
    ]).diagnostics
    #expect(diagnostics.map(\.code) == (isAllowed ? [] : [DiagnosticCode.misplacedDocument.rawValue]))
  }

  @Test func theLastPatternDecides() {
    let rules = "{paths: [{path: groups, kinds: [Group]}, {path: groups/open, kinds: [Group, User]}]}"
    func codes(_ file: String) -> [String] {
      compile(["p.yaml": document("Policy", "p", rules), file: user("a")]).diagnostics.map(\.code)
    }
    #expect(codes("groups/open/a.yaml").isEmpty)
    #expect(codes("groups/a.yaml") == ["M092"])
  }

  @Test func membershipsThatDoNotMeetInTimeAreApart() {
    let policy = document("Policy", "p", "{separationOfDuties: [{groups: [make, check]}]}")
    func codes(until: String) -> [String] {
      let text = [
        policy, user("a"), group("make", "members: {refs: [{user: a, until: \(until)}]}"),
        group("check", "members: {refs: [{user: a, from: 2027-01-01}]}"),
      ].joined(separator: "---\n")
      return compile(["x.yaml": text]).diagnostics.map(\.code)
    }
    #expect(codes(until: "2027-01-01").isEmpty)
    #expect(codes(until: "2027-01-02") == ["M091"])
  }
}
