import Manifests

/// Policies with a fault, and manifests that break a policy.
extension FaultCase {
  static let policies =
    rules + breaches + [
      FaultCase(.misplacedOverlay, document("Overlay", "«prod»", "{resources: [base]}"), hint: "-f")
    ]

  private static let rules = [
    FaultCase(.missingField, document("Policy", "p", "«{»}")),
    FaultCase(.unknownField, document("Policy", "p", "{«protekt»: []}"), hint: "did you mean `protect`?"),
    FaultCase(
      .unknownSubject, policy("protect: [{user: «breakglas»}]") + "---\n" + user("breakglass"), hint: "`breakglass`"),
    FaultCase(.unknownSubject, policy("separationOfDuties: [{groups: [a, «b»]}]") + "---\n" + group("a")),
    FaultCase(.conflictingFields, policy("protect: [«{»user: a, group: b}]")),
    FaultCase(.missingField, policy("separationOfDuties: [«{»groups: [a, a]}]") + "---\n" + group("a")),
    FaultCase(.missingField, policy("tiers: [«{»tier: \"0\"}]")),
    FaultCase(.invalidNumber, policy("tiers: [{tier: \"0\", groups: [a], approvals: «-1»}]") + "---\n" + group("a")),
    FaultCase(.missingField, policy("paths: [«{»kinds: [User]}]")),
    FaultCase(.unknownKind, policy("paths: [{path: people, kinds: [«Usr»]}]"), hint: "did you mean `User`?"),
    FaultCase(.unknownResourceType, policy("deny: [{kind: «Usr», filter: userName pr}]"), hint: "did you mean `User`?"),
    FaultCase(.missingField, policy("deny: [«{»kind: User}]")),
    FaultCase(.invalidFilter, policy("deny: [{kind: User, filter: userName «e»t 1}]")),
    FaultCase(.invalidFilter, policy("deny: [{kind: User, filter: «active gt \"x\"»}]")),
    FaultCase(
      .unknownAttribute, policy("deny: [{kind: User, filter: «usrName pr»}]"), hint: "did you mean `userName`?"),
    FaultCase(.unknownAttribute, policy("deny: [{kind: Group, filter: «userName pr»}]")),
    FaultCase(
      .duplicateName,
      policy("paths: []").replacing("name: p", with: "name: ‹p›") + "---\n"
        + policy("paths: []").replacing("name: p", with: "name: «p»")),
  ]

  private static let breaches = [
    FaultCase(
      .protectedIdentity,
      policy("protect: [{user: ‹a›}]") + "---\n"
        + document("User", "«a»", "{userName: a, lifecycle: {state: Disabled}}"),
      hint: "out of the policy"),
    FaultCase(
      .protectedIdentity, policy("protect: [‹a›]") + "---\n" + document("User", "«a»", "{userName: a, active: false}")),
    FaultCase(
      .separationOfDuties,
      policy("separationOfDuties: [{groups: [make, check]}]") + "---\n" + user("a") + "---\n"
        + group("make", "members: [‹a›]") + "---\n" + group("check", "members: [«a»]"), hint: "one of the two"),
    FaultCase(
      .separationOfDuties,
      policy("separationOfDuties: [{groups: [make], roles: [check]}]") + "---\n" + user("a") + "---\n"
        + group("team", "members: [‹a›]") + "---\n" + group("make", "members: {refs: [{group: team}]}") + "---\n"
        + document("Role", "check", "{displayName: check, members: [«a»]}")),
    FaultCase(
      .separationOfDuties,
      policy("separationOfDuties: [{groups: [make, check]}]") + "---\n"
        + document("User", "a", "{userName: a}").replacing("name: a}", with: "name: a, labels: {team: x}}") + "---\n"
        + group("make", "members: [‹a›]") + "---\n"
        + group("check", "members: «{»selector: {matchLabels: {team: x}}}")),
    FaultCase(
      .misplacedDocument,
      policy("paths: [‹{›path: \"*.yaml\", kinds: [Group, Policy]}]") + "---\n"
        + user("«a»").replacing("userName: «a»", with: "userName: a"),
      hint: "Group and Policy"),
    FaultCase(
      .misplacedDocument,
      policy("paths: [‹{›path: groups/aws/**, kinds: [Group], names: [aws-*]}]") + "---\n"
        + document("Group", "«aws-admins»", "{displayName: x}")),
    FaultCase(
      .deniedResource,
      policy("deny: [{kind: User, filter: ‹active eq true and not (emails pr)›}]") + "---\n"
        + document("User", "«a»", "{userName: a}")),
  ]

  private static func policy(_ rules: String) -> String { document("Policy", "p", "{\(rules)}") }
}
