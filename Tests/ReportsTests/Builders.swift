import Foundation
import JSON

@testable import Reconciliation
@testable import Reports

typealias Place = Reconciliation.SourceLocation

extension Change {
  /// A change with what reports look at.
  static func of(
    _ action: Action, _ kind: String, _ name: String, as situation: Situation = .linked, reason: String = "",
    at source: Place? = nil, _ attributes: [AttributeChange] = []
  ) -> Change {
    Change(
      key: ResourceKey(kind, name), action: action, situation: situation,
      remoteID: action == .create ? nil : "id-\(name)",
      request: action == .create ? .create(["userName": .string(name)]) : .patch([]), attributes: attributes,
      reason: reason, source: source)
  }
}

extension AttributeChange {
  static func of(_ path: String, _ before: JSONValue?, _ after: JSONValue?, _ cause: Cause = .manifest)
    -> AttributeChange
  {
    AttributeChange(path: path, before: before, after: after, cause: cause)
  }
}

extension EndpointPlan {
  static func of(_ name: String, _ changes: [Change] = [], adjust: (inout EndpointPlan) -> Void = { _ in })
    -> EndpointPlan
  {
    var plan = EndpointPlan(endpoint: name, driver: .scim2)
    plan.reads = [Read(resourceType: "User", read: 1204, total: 1204, completeness: .complete)]
    plan.changes = changes
    plan.managed = ["User": 1204, "Group": 61]
    adjust(&plan)
    return plan
  }
}

extension RunSummary {
  /// A run in which every change of the plan was applied, but for the named ones.
  static func of(_ plan: Plan, but outcomes: [String: Outcome] = [:]) -> RunSummary {
    RunSummary(
      run: "20261124T000000Z-1",
      endpoints: plan.endpoints.map { endpoint in
        EndpointSummary(
          endpoint: endpoint.endpoint,
          results: endpoint.changes.map {
            .init(change: $0, outcome: outcomes[$0.key.name] ?? .applied(remoteID: $0.remoteID ?? "new"))
          })
      }, duration: 0.3)
  }
}

/// The plan that the documentation shows.
enum Sample {
  static let expiry = Date(timeIntervalSince1970: 1_795_483_800)
  static let membershipEnd = Date(timeIntervalSince1970: 1_798_675_200)

  static let plan = Plan(endpoints: [slack, .of("local")])

  /// The plan of endpoints that say when their resources were changed.
  static let datedPlan: Plan = {
    var plan = Sample.plan
    plan.endpoints[0].modified = [
      ResourceKey("User", "alice"): expiry - 3 * 86_400, ResourceKey("User", "dave"): expiry - 86_400,
    ]
    plan.endpoints[0].foreign[0].modified = expiry - 3600
    return plan
  }()

  /// Who changed its documents.
  static let manifestChanges = [
    Place(file: "people/platform.yaml", line: 12): ManifestChange(
      commit: "4f1c2ab19d3e5f60718293a4b5c6d7e8f9012345", author: "Zoë Example <zoe@corp.example>",
      time: expiry - 5 * 86_400, subject: "Rename alice after her wedding")
  ]

  /// The drift of the plan as a run finds it that is not the first: something of every standing.
  static let drift: DriftOverview = {
    let now = expiry
    let findings = datedPlan.drift().findings
    var memory = DriftMemory()
    _ = memory.note(findings.filter { $0.key.name != "zoe@old.example" }, at: now - 3 * 86_400, isWhole: true)
    if let admins = findings.first(where: { $0.key.name == "aws-admins" }) {
      let acknowledgement = Acknowledgement(
        until: membershipEnd, reason: "carol is on call for the move", by: "alice@build-7", at: now - 86_400)
      _ = memory.acknowledge(admins.fingerprint, acknowledgement)
    }
    let news = memory.note(findings, at: now, isWhole: true)
    var overview = DriftOverview(datedPlan.drift(), at: now)
    overview.recall(memory, news, at: "slack-prod")
    overview.compare(with: DriftBaseline(findings.filter { $0.key.name == "frank" }))
    overview.samples = samples(until: now)
    return overview
  }()

  private static func samples(until now: Date) -> [DriftSample] {
    let counts: [(days: Double, endpoint: String, counts: DriftCounts)] = [
      (30, "slack-prod", DriftCounts()), (29, "local", DriftCounts(open: [.missing: 1])),
      (20, "slack-prod", DriftCounts(open: [.changed: 3, .foreign: 1])), (12, "local", DriftCounts()),
      (3, "slack-prod", DriftCounts(open: [.changed: 1, .unmanaged: 3])),
      (1, "slack-prod", DriftCounts(open: [.changed: 1, .unmanaged: 2, .foreign: 1], acknowledged: 1)),
    ]
    return counts.map { DriftSample(endpoint: $0.endpoint, time: now - $0.days * 86_400, document: $0.counts.json) }
  }

  private static let slack = EndpointPlan.of("slack-prod", changes) { plan in
    plan.reads.append(.init(resourceType: "Group", read: 61, total: 61, completeness: .complete))
    plan.reads.append(
      .init(resourceType: "Role", read: 7, total: nil, completeness: .incomplete(reason: "page 3 failed")))
    plan.limitations = ["User.nickName cannot be held there: left out"]
    plan.limits.writesPerMinute = 180
    plan.withheld = [
      .init(
        key: ResourceKey("User", "erin"), situation: .unmanaged, reason: "removed from the manifests; use --prune",
        source: nil)
    ]
    plan.foreign = [ForeignResource(resourceType: "User", id: "77", name: "zoe@old.example")]
    plan.memberCounts = [ResourceKey("Group", "aws-admins"): 15]
    plan.accessChanges = [access("alice", gains: true, until: membershipEnd), access("carol", gains: false)]
  }

  private static func access(_ member: String, gains: Bool, until: Date? = nil) -> AccessChange {
    AccessChange(
      member: member, group: "AWS Admins", groupKey: ResourceKey("Group", "aws-admins"), gains: gains,
      endpoint: "slack-prod", until: until)
  }

  private static let changes: [Change] = [
    .of(
      .create, "User", "bob", as: .missing, at: Place(file: "people/platform.yaml", line: 31),
      [.of("userName", nil, "bob@corp.example")]),
    .of(
      .update, "User", "alice", as: .found, reason: "found by externalId",
      at: Place(file: "people/platform.yaml", line: 12),
      [
        .of("userName", "alice@old.example", "alice@corp.example", .unknown),
        .of(#"emails[type eq "work"].value"#, "alice@old.example", "alice@corp.example", .endpoint),
        .of("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "Sales", nil, .both),
        .of("password", "•••", "•••"),
      ]),
    .of(
      .update, "Group", "aws-admins", at: Place(file: "groups/aws.yaml", line: 4),
      [
        .of("members", ["carol"], ["alice"], .endpoint)
      ]),
    .of(
      .disable, "User", "dave", as: .unmanaged, reason: "removed from the manifests; to be deleted after 2026-12-23",
      [
        .of("active", true, false)
      ]),
    .of(.delete, "User", "frank", as: .unmanaged, reason: "removed from the manifests, and its grace is over"),
  ]

  static let diagnostics = [
    Diagnostic(
      .error, "M012", "unknown field \"usrName\"", at: Place(file: "people.yaml", line: 12, column: 5), length: 7,
      sourceLine: "  \t山usrName: alice", hint: "did you mean userName?",
      notes: [.init("the document starts here", at: Place(file: "people.yaml", line: 9)), .init("kind User")]),
    Diagnostic(.warning, "M030", "a literal secret", at: Place(file: "people.yaml", line: 20, column: 3)),
  ]
}
