import Foundation
import Reconciliation
import SeededRandom
import Testing

@Suite struct NotificationPolicyTests {
  private let start = Date(timeIntervalSince1970: 1_780_000_000)
  private let local = PassFindings.Place.endpoint("local")

  private func policy(
    _ events: Set<NotificationDeclaration.Event> = Set(NotificationDeclaration.Event.allCases),
    endpoints: Set<String>? = nil, rate: NotificationDeclaration.Rate = .init(100, in: 3600),
    repeatEvery: TimeInterval? = nil
  ) -> NotificationPolicy {
    NotificationPolicy(
      NotificationDeclaration(
        name: "people", channel: .slack(url: .environment("URL")), events: events, endpoints: endpoints, rate: rate,
        repeatEvery: repeatEvery))
  }

  private func drift(_ names: String..., isMomentary: Bool = false) -> [PassFindings.Finding] {
    names.map { .init(.drift, "User/\($0)", "changed", isMomentary: isMomentary) }
  }

  private func look(
    _ findings: [PassFindings.Finding], judged: Set<NotificationDeclaration.Event> = [.drift, .failure],
    at place: PassFindings.Place? = nil
  ) -> PassFindings {
    PassFindings(place ?? local, findings, judged: judged)
  }

  /// What is told of a look that is delivered: `new drift User/alice`.
  private func told(
    _ policy: inout NotificationPolicy, _ look: PassFindings, after seconds: TimeInterval = 0
  ) -> [String] {
    let now = start + seconds
    guard let announcement = policy.take(look, at: now) else { return [] }
    policy.told(announcement, at: now)
    return announcement.items.map { "\($0.news.rawValue) \($0.finding.event.rawValue) \($0.finding.subject)" }
  }

  /// A message that is on its way.
  private func begun(_ policy: inout NotificationPolicy, _ look: PassFindings) throws -> Announcement {
    let announcement = policy.take(look, at: start)
    return try #require(announcement)
  }

  @Test func aLookIsOneMessageAndEachFindingIsToldOnce() {
    var policy = policy()
    #expect(told(&policy, look(drift("bob", "alice"))) == ["new drift User/alice", "new drift User/bob"])
    #expect(told(&policy, look(drift("alice", "bob")), after: 60).isEmpty)
    #expect(told(&policy, look(drift("alice", "bob", "carol")), after: 120) == ["new drift User/carol"])
  }

  @Test func whatIsOverIsToldOnce() {
    var policy = policy()
    _ = told(&policy, look(drift("alice", "bob")))
    #expect(told(&policy, look(drift("bob")), after: 60) == ["recovered drift User/alice"])
    #expect(told(&policy, look(drift("bob")), after: 120).isEmpty)
    #expect(told(&policy, look(drift("alice", "bob")), after: 180) == ["new drift User/alice"])
  }

  @Test func whatALookCouldNotJudgeIsNotOver() {
    var policy = policy()
    _ = told(&policy, look(drift("alice")))
    let failure = PassFindings.Finding(.failure, "endpoint", "down")
    #expect(told(&policy, look([failure], judged: [.failure]), after: 60) == ["new failure endpoint"])
    #expect(told(&policy, look([], judged: []), after: 120).isEmpty)
    #expect(told(&policy, look(drift("alice")), after: 180) == ["recovered failure endpoint"])
  }

  @Test func whatGoesOnIsToldAgainAfterAWhile() {
    var policy = policy(repeatEvery: 3600)
    _ = told(&policy, look(drift("alice")))
    #expect(told(&policy, look(drift("alice")), after: 3599).isEmpty)
    #expect(told(&policy, look(drift("alice")), after: 3600) == ["again drift User/alice"])
    #expect(told(&policy, look(drift("alice")), after: 3700).isEmpty)
    #expect(told(&policy, look([]), after: 3800) == ["recovered drift User/alice"])
  }

  @Test func sinceWhenStaysWhatItWas() {
    var policy = policy(repeatEvery: 60)
    _ = told(&policy, look(drift("alice")))
    let again = policy.take(look(drift("alice")), at: start + 90)
    #expect(again?.items.map(\.since) == [start])
  }

  @Test func theRateHoldsBackAndNothingIsLost() {
    var policy = policy(rate: .init(2, in: 3600))
    #expect(told(&policy, look(drift("a"))).count == 1)
    #expect(told(&policy, look(drift("a", "b")), after: 60).count == 1)
    #expect(told(&policy, look(drift("a", "b", "c")), after: 120).isEmpty)
    #expect(told(&policy, look(drift("b", "c")), after: 180).isEmpty)
    #expect(
      told(&policy, look(drift("b", "c")), after: 3600) == ["new drift User/c", "recovered drift User/a"])
  }

  @Test func whatCameAndWentUntoldIsNotTold() {
    var policy = policy(rate: .init(1, in: 3600))
    _ = told(&policy, look(drift("a")))
    #expect(told(&policy, look(drift("a", "b")), after: 60).isEmpty)
    #expect(told(&policy, look(drift("a")), after: 4000).isEmpty)
  }

  @Test func whatDidNotArriveIsToldWithTheNextLook() throws {
    var policy = policy()
    let lost = try begun(&policy, look(drift("alice")))
    policy.failed(lost)
    #expect(told(&policy, look(drift("alice", "bob")), after: 60) == ["new drift User/alice", "new drift User/bob"])
    #expect(told(&policy, look(drift("alice", "bob")), after: 120).isEmpty)
  }

  @Test func whatWasCorrectedIsToldWithoutAnEnd() {
    var policy = policy(repeatEvery: 60)
    #expect(told(&policy, look(drift("alice", isMomentary: true))) == ["new drift User/alice"])
    #expect(told(&policy, look([]), after: 100).isEmpty)
    // Somebody changes it again and again: told once a day.
    #expect(told(&policy, look(drift("alice", isMomentary: true)), after: 200).isEmpty)
    #expect(told(&policy, look([]), after: 86_500).isEmpty)
    #expect(told(&policy, look(drift("alice", isMomentary: true)), after: 86_600) == ["new drift User/alice"])
  }

  @Test func onlyWhatIsAskedFor() {
    var policy = policy([.failure], endpoints: ["local"])
    let findings = drift("alice") + [.init(.failure, "endpoint", "down")]
    #expect(told(&policy, look(findings, at: .endpoint("other"))).isEmpty)
    #expect(told(&policy, look(findings, at: .manifests)).isEmpty)
    #expect(told(&policy, look(findings)) == ["new failure endpoint"])
    #expect(told(&policy, look([]), after: 60).isEmpty)
  }

  @Test func placesDoNotMix() {
    var policy = policy()
    _ = told(&policy, look(drift("alice")))
    #expect(told(&policy, look(drift("alice"), at: .endpoint("other"))) == ["new drift User/alice"])
    #expect(told(&policy, look([], at: .endpoint("other")), after: 60) == ["recovered drift User/alice"])
    #expect(told(&policy, look(drift("alice")), after: 120).isEmpty)
  }

  // MARK: Several controllers

  @Test func whatOneIsTellingNobodyElseTells() throws {
    var policy = policy()
    let first = try begun(&policy, look(drift("alice")))
    #expect(told(&policy, look(drift("alice", "bob")), after: 1) == ["new drift User/bob"])
    policy.told(first, at: start + 2)
    #expect(told(&policy, look(drift("alice", "bob")), after: 3).isEmpty)
  }

  @Test func whoDiedOverAMessageIsNotWaitedForForEver() {
    var policy = policy()
    _ = policy.take(look(drift("alice")), at: start)
    #expect(told(&policy, look(drift("alice")), after: 299).isEmpty)
    #expect(told(&policy, look(drift("alice")), after: 300) == ["new drift User/alice"])
  }

  @Test func whatEndsWhileItIsToldIsToldToBeOver() throws {
    var policy = policy()
    let first = try begun(&policy, look(drift("alice")))
    #expect(told(&policy, look([]), after: 1).isEmpty)
    policy.told(first, at: start + 2)
    #expect(told(&policy, look([]), after: 3) == ["recovered drift User/alice"])
  }

  @Test func whatEndsWhileItCannotBeToldIsNotTold() throws {
    var policy = policy()
    let first = try begun(&policy, look(drift("alice")))
    #expect(told(&policy, look([]), after: 1).isEmpty)
    policy.failed(first)
    #expect(told(&policy, look([]), after: 2).isEmpty)
    #expect(told(&policy, look(drift("alice")), after: 3) == ["new drift User/alice"])
  }

  /// Each controller has a checkout of its own: it is over when the last of them is well.
  @Test func aTroubleOfSeveralIsOverWhenAllAreWell() {
    var policy = policy()
    func seen(_ isThere: Bool, by observer: String) -> PassFindings {
      PassFindings(
        .manifests, isThere ? [.init(.failure, "SourceUnreachable", "down, says \(observer)")] : [], judged: [.failure],
        observer: observer)
    }
    #expect(told(&policy, seen(true, by: "a")) == ["new failure SourceUnreachable"])
    for second in 1...100 {
      #expect(told(&policy, seen(true, by: "a"), after: Double(second)).isEmpty)
      #expect(told(&policy, seen(true, by: "b"), after: Double(second)).isEmpty)
      #expect(told(&policy, seen(false, by: "c"), after: Double(second)).isEmpty)
    }
    #expect(told(&policy, seen(false, by: "b"), after: 101).isEmpty)
    #expect(told(&policy, seen(false, by: "a"), after: 102) == ["recovered failure SourceUnreachable"])
  }

  @Test func whoDoesNotSayAnythingAnyMoreKeepsNothingGoing() {
    var policy = policy()
    let trouble = PassFindings.Finding(.failure, "SourceUnreachable", "down")
    func look(_ findings: [PassFindings.Finding], by observer: String) -> PassFindings {
      PassFindings(.manifests, findings, judged: [.failure], observer: observer)
    }
    _ = told(&policy, look([trouble], by: "dead"))
    #expect(told(&policy, look([], by: "b"), after: 59).isEmpty)
    #expect(told(&policy, look([], by: "b"), after: 60) == ["recovered failure SourceUnreachable"])
  }

  // MARK: What is kept

  /// Whatever was told and taken in, another controller goes on from what is kept as this one would have.
  @Test(arguments: 0..<20) func whatIsKeptIsAllThereIs(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var policy = policy(rate: .init(3, in: 600), repeatEvery: 900)
    for step in 0..<60 {
      let now = start + Double(step) * 97.25
      let place = Bool.random(using: &random) ? local : .manifests
      let names = ["a", "b", "c"].filter { _ in Bool.random(using: &random) }
      let findings = names.map {
        PassFindings.Finding(.drift, $0, "at \(step)", isMomentary: Int.random(in: 0..<4, using: &random) == 0)
      }
      let look = PassFindings(
        place, findings, judged: Bool.random(using: &random) ? [.drift] : [],
        observer: place == .manifests ? ["x", "y"].randomElement(using: &random) : nil)
      var again = NotificationPolicy(policy.declaration, try NotificationMemory(json: policy.memory.json))
      #expect(again.memory == policy.memory)
      let announcement = policy.take(look, at: now)
      #expect(again.take(look, at: now) == announcement)
      guard let announcement else { continue }
      if Bool.random(using: &random) { policy.told(announcement, at: now) } else { policy.failed(announcement) }
    }
  }

  /// A look that finds nothing new leaves nothing to write down.
  @Test func nothingNewIsNothingToKeep() {
    var policy = policy()
    _ = told(&policy, look(drift("alice")))
    let before = policy.memory
    #expect(told(&policy, look([.init(.drift, "User/alice", "changed, in other words")]), after: 60).isEmpty)
    #expect(policy.memory == before)
  }

  @Test func whatWasToldApartIsAdded() throws {
    var shared = policy()
    var apart = policy()
    _ = told(&shared, look(drift("alice")))
    let waiting = try begun(&shared, look(drift("alice", "bob")))
    shared.failed(waiting)
    _ = told(&apart, look(drift("bob")), after: 20)
    var memory = shared.memory
    memory.add(apart.memory)
    var joined = NotificationPolicy(shared.declaration, memory)
    #expect(told(&joined, look(drift("alice", "bob")), after: 30).isEmpty)
  }
}
