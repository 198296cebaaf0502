import Endpoints
import Foundation
import JSON
import Logging
import Stores
import Synchronization
import Testing

@testable import Controller
@testable import Reconciliation

/// Messages as a channel receives them; it can refuse.
private final class Channel: Sendable {
  private let messages = Mutex<[NotificationMessage]>([])
  private let refuses = Mutex(false)

  func refuse(_ refuses: Bool) { self.refuses.withLock { $0 = refuses } }

  func take(_ message: NotificationMessage) throws(EndpointError) {
    if refuses.withLock({ $0 }) { throw EndpointError(.unavailable(retryAfter: nil), "down") }
    messages.withLock { $0.append(message) }
  }

  /// The headlines since the last call.
  func takeHeadlines() -> [String] {
    messages.withLock { messages in
      defer { messages = [] }
      return messages.map(\.headline)
    }
  }
}

@Suite struct NotifierTests {
  private let channel = Channel()
  private let clock = TestClock()

  private let folder: TemporaryFolder
  private let storage: SQLiteStateStore

  init() throws {
    folder = try TemporaryFolder()
    storage = try SQLiteStateStore(path: folder.file("state.sqlite"))
  }

  /// One that has just started.
  private func notifier() -> Notifier {
    let notifier = Notifier(
      now: { [clock] in clock.now }, newID: { "id" }, records: storage,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) { [channel] _, message throws(EndpointError) in try channel.take(message) }
    notifier.use([declaration("people")])
    return notifier
  }

  private func declaration(_ name: String) -> NotificationDeclaration {
    NotificationDeclaration(name: name, channel: .slack(url: .environment("URL")))
  }

  private let alice = ResourceKey("User", "alice")

  private func look(_ end: PassEnd) -> PassFindings { PassFindings(end, at: "local", now: clock.now) }

  private func plan(withheld: [String] = []) -> Plan {
    var plan = EndpointPlan(endpoint: "local", driver: .embedded)
    plan.withheld = withheld.map {
      EndpointPlan.Withheld(key: ResourceKey("User", $0), situation: .missing, reason: "its read failed", source: nil)
    }
    return Plan(endpoints: [plan])
  }

  @Test func driftThatIsReportedAndItsEnd() async {
    let notifier = notifier()
    notifier.post(look(PassEnd(result: .inSync, plan: plan(), reported: [alice])))
    await notifier.empty()
    #expect(channel.takeHeadlines() == ["Rollcall, local: 1 drifted"])
    notifier.post(look(PassEnd(result: .inSync, plan: plan(), reported: [alice])))
    await notifier.empty()
    #expect(channel.takeHeadlines().isEmpty)
    notifier.post(look(PassEnd(result: .inSync, plan: plan())))
    await notifier.empty()
    #expect(channel.takeHeadlines() == ["Rollcall, local: 1 no longer drifted"])
  }

  @Test func anEndpointThatIsAwayAndWhatIsWithheld() async {
    let notifier = notifier()
    notifier.post(look(PassEnd(result: .inSync, plan: plan(withheld: ["erin"]))))
    await notifier.empty()
    #expect(channel.takeHeadlines() == ["Rollcall, local: 1 withheld"])
    notifier.post(look(PassEnd(result: .unreachable(EndpointError(.unreachable, "down")))))
    await notifier.empty()
    #expect(channel.takeHeadlines() == ["Rollcall, local: 1 failed"])
    notifier.post(look(PassEnd(result: .inSync, plan: plan())))
    await notifier.empty()
    #expect(channel.takeHeadlines() == ["Rollcall, local: 1 no longer failed, 1 no longer withheld"])
  }

  @Test func whatSaysNothingEndsNothing() async {
    let notifier = notifier()
    notifier.post(look(PassEnd(result: .inSync, plan: plan(), reported: [alice])))
    await notifier.empty()
    _ = channel.takeHeadlines()
    notifier.post(look(PassEnd(result: .leased(holder: "another"))))
    await notifier.empty()
    notifier.post(look(PassEnd(result: .interrupted)))
    await notifier.empty()
    #expect(channel.takeHeadlines().isEmpty)
  }

  @Test func whatDidNotArriveGoesOutAfterTheNextPass() async {
    let notifier = notifier()
    channel.refuse(true)
    notifier.post(look(PassEnd(result: .broken("locked"))))
    await notifier.empty()
    channel.refuse(false)
    notifier.post(look(PassEnd(result: .broken("locked"))))
    await notifier.empty()
    #expect(channel.takeHeadlines() == ["Rollcall, local: 1 failed"])
  }

  @Test func whatEndsIsToldOnceAndThatItWasRenewed() async {
    let notifier = notifier()
    var end = PassEnd(result: .inSync, plan: plan())
    for (days, headline) in [
      (31.0, nil), (29, "1 expiring"), (-1, nil), (nil, nil), (90, "1 no longer expiring"),
    ] as [(Double?, String?)] {
      end.expiries = days.map {
        [ExpiryFinding(ResourceKey("Endpoint", "local"), .certificate, expiresAt: clock.now + $0 * 86_400)]
      }
      notifier.post(look(end))
      await notifier.empty()
      #expect(channel.takeHeadlines() == [headline].compactMap { $0.map { "Rollcall, local: \($0)" } })
    }
  }

  @Test func theSourceOfTheManifests() async {
    let notifier = notifier()
    var status = SourceStatus(source: "folder manifests")
    status.problem = SourceProblem(.shrunk, "the manifests have no documents where there were 9")
    notifier.post(PassFindings(status, seenBy: "a"))
    await notifier.empty()
    #expect(channel.takeHeadlines() == ["Rollcall, manifests: 1 failed"])
    status.problem = nil
    notifier.post(PassFindings(status, seenBy: "a"))
    await notifier.empty()
    #expect(channel.takeHeadlines() == ["Rollcall, manifests: 1 no longer failed"])
  }

  @Test func whatWasToldIsRememberedOverNewManifests() async {
    let notifier = notifier()
    let end = PassEnd(result: .inSync, plan: plan(), reported: [alice])
    notifier.post(look(end))
    await notifier.empty()
    _ = channel.takeHeadlines()
    notifier.use([declaration("people"), declaration("others")])
    notifier.post(look(end))
    await notifier.empty()
    #expect(channel.takeHeadlines().count == 1)
    notifier.use([])
    notifier.post(look(PassEnd(result: .inSync, plan: plan())))
    await notifier.empty()
    #expect(channel.takeHeadlines().isEmpty)
  }

  @Test func aRestartIsSilentAboutWhatWasTold() async {
    let end = PassEnd(result: .inSync, plan: plan(), reported: [alice])
    let first = notifier()
    first.post(look(end))
    await first.empty()
    #expect(channel.takeHeadlines() == ["Rollcall, local: 1 drifted"])
    clock.advance(by: 60)
    let second = notifier()
    second.post(look(end))
    await second.empty()
    #expect(channel.takeHeadlines().isEmpty)
    second.post(look(PassEnd(result: .inSync, plan: plan())))
    await second.empty()
    #expect(channel.takeHeadlines() == ["Rollcall, local: 1 no longer drifted"])
    first.post(look(PassEnd(result: .inSync, plan: plan())))
    await first.empty()
    #expect(channel.takeHeadlines().isEmpty)
  }

  /// All of them see that the newest manifests are not in force, at the same time.
  @Test func severalControllersTellEachThingOnce() async {
    var status = SourceStatus(source: "git")
    status.problem = SourceProblem(.unsigned, "the commit is not signed")
    let notifiers = (0..<4).map { _ in notifier() }
    for (number, notifier) in notifiers.enumerated() { notifier.post(PassFindings(status, seenBy: "\(number)")) }
    await withTaskGroup(of: Void.self) { group in
      for notifier in notifiers { group.addTask { await notifier.empty() } }
    }
    #expect(channel.takeHeadlines() == ["Rollcall, manifests: 1 failed"])
  }

  @Test func withoutTheStateThisControllerGoesOnByItself() async throws {
    let notifier = notifier()
    let end = PassEnd(result: .inSync, plan: plan(), reported: [alice])
    notifier.post(look(end))
    await notifier.empty()
    _ = channel.takeHeadlines()
    try FileManager.default.moveItem(atPath: storage.path, toPath: storage.path + ".away")
    for _ in 0..<2 {
      notifier.post(look(end))
      notifier.post(PassFindings(.endpoint("other"), [.init(.failure, "endpoint", "down")], judged: [.failure]))
      await notifier.empty()
    }
    #expect(channel.takeHeadlines() == ["Rollcall, other: 1 failed"])
    try FileManager.default.moveItem(atPath: storage.path + ".away", toPath: storage.path)
    notifier.post(look(end))
    await notifier.empty()
    let another = self.notifier()
    another.post(PassFindings(.endpoint("other"), [], judged: [.failure]))
    await another.empty()
    #expect(channel.takeHeadlines() == ["Rollcall, other: 1 no longer failed"])
  }

  @Test func messagesForProgramsAndForSlack() throws {
    let items = (0..<25).map { number in
      Announcement.Item(
        .new, .init(.drift, "User/u\(number)", "<drifted> & more"), since: Date(timeIntervalSince1970: 0))
    }
    let message = NotificationMessage(
      Announcement(.endpoint("local"), items), over: "people", id: "id", at: Date(timeIntervalSince1970: 60))
    #expect(message.timestamp == 60)
    #expect(message.json["type"] == "rollcall.findings")
    #expect(message.json["time"] == "1970-01-01T00:01:00Z")
    #expect(message.json["items"]?.array?.count == 25)
    #expect(
      message.json["items"]?.array?.first == [
        "news": "new", "event": "drift", "subject": "User/u0", "text": "<drifted> & more",
        "since": "1970-01-01T00:00:00Z",
      ])
    let text = try #require(message.slack["text"]?.string)
    #expect(text.hasPrefix("*Rollcall, local: 25 drifted*\n• User/u0: &lt;drifted&gt; &amp; more\n"))
    #expect(text.hasSuffix("\n… and 5 more"))
    let test = NotificationMessage.test(over: "people", id: "id", at: Date(timeIntervalSince1970: 60))
    #expect(test.json["type"] == "rollcall.test")
    #expect(test.slack["text"]?.string?.contains("a test of the notification people") == true)
  }
}
