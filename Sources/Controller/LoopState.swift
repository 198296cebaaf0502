import Endpoints
import Foundation
import Reconciliation

/// What the loop remembers between events; no clock, no tasks.
///
/// Several controllers may look after the same endpoints. Each has a queue of its own, and whoever begins a pass first
/// makes it: the records of the others say when the next one is due.
struct LoopState {
  /// A pass that is to be made now.
  struct Work: Sendable {
    var declaration: EndpointDeclaration
    var desired: DesiredState
    /// Of a plan that may pass the guardrails.
    var approval: EndpointOrder.Approval?
    /// The commit of the manifests; nil where there is none.
    var commit: String?
    /// The status while the pass is under way.
    var status: EndpointStatus
    var begun: Date
  }

  private(set) var statuses: [String: EndpointStatus] = [:]
  private(set) var orders: [String: EndpointOrder] = [:]
  private var queue = WorkQueueState()
  private var desired: DesiredState?
  private var revision: ManifestRevision?
  /// Those that no pass has compared with the manifests in force.
  private var unseen: Set<String> = []
  /// Those that are as the manifests in force ask.
  private var converged: Set<String> = []
  /// Statuses that are to be written.
  private var changed: Set<String> = []
  private let controller: String
  private let started: Date
  private let backoff = Backoff()
  /// How long to leave an endpoint to whoever has its lease before asking again, in seconds.
  private static let leasePause: TimeInterval = 5

  /// - Parameters:
  ///   - controller: the name of this controller, for its statuses.
  ///   - started: when it began; no pass of an earlier time is good enough for it.
  init(controller: String = "", started: Date) {
    self.controller = controller
    self.started = started
  }

  /// The statuses that changed since the last call.
  mutating func takeChanged() -> [EndpointStatus] {
    defer { changed = [] }
    return changed.sorted().compactMap { statuses[$0] }
  }

  /// Whether no pass is under way.
  var isIdle: Bool { queue.isIdle }

  // MARK: What comes in

  /// Takes a new desired state in: every endpoint is due at once, unless another controller has compared it with these
  /// manifests since this one started. An earlier pass may have had other options, and says nothing of what happened at
  /// the endpoint since.
  /// - Parameter revision: the version of the manifests; nil where there is none.
  mutating func take(_ desired: DesiredState, revision: ManifestRevision? = nil, at now: Date) {
    self.desired = desired
    self.revision = revision
    let names = Set(desired.endpoints.map(\.name))
    queue.keep(only: names)
    statuses = statuses.filter { names.contains($0.key) }
    converged = []
    unseen = names
    for name in names {
      queue.add(name, at: now)
      if statuses[name] == nil { statuses[name] = EndpointStatus(endpoint: name, now: now) }
      // Also what a guardrail refused is looked at anew.
      settle(name, after: statuses[name])
    }
  }

  /// Takes in what the state store holds: passes of other controllers and the orders of operators.
  mutating func take(_ records: EndpointRecords.Snapshot, at now: Date) {
    for (name, theirs) in records.statuses where statuses[name] != nil && !queue.isRunning(name) {
      guard (theirs.lastPass ?? .distantPast) > (statuses[name]?.lastPass ?? .distantPast) else { continue }
      statuses[name] = theirs
      settle(name, after: theirs)
    }
    for name in statuses.keys { follow(records.orders[name] ?? EndpointOrder(), of: name, at: now) }
  }

  /// Leaves the next pass to when the last one says, if that one compared the manifests in force.
  private mutating func settle(_ name: String, after pass: EndpointStatus?) {
    guard let pass, let next = pass.nextPass, !unseen.contains(name) || isOfOurs(pass)
    else { return }
    unseen.remove(name)
    queue.set(name, at: next)
    if pass[.ready].isTrue { converged.insert(name) } else { converged.remove(name) }
  }

  /// Whether a pass, all of it in the time of this controller, compared the manifests in force: what no commit names may
  /// be anything.
  private func isOfOurs(_ pass: EndpointStatus) -> Bool {
    guard let revision, !revision.isDirty, let begun = pass.lastPassBegan, begun >= started else { return false }
    return pass.revision == revision.commit
  }

  private mutating func follow(_ order: EndpointOrder, of name: String, at now: Date) {
    let before = orders[name] ?? EndpointOrder()
    guard order != before else { return }
    orders[name] = order
    let isAsked = (order.reconcileAfter ?? .distantPast) > (statuses[name]?.lastPass ?? .distantPast)
    let isApproved = order.approval != before.approval && order.approval != nil
    let isResumed = order.suspension == nil && before.suspension != nil
    if isAsked || isApproved || isResumed { queue.set(name, at: now) }
  }

  // MARK: Passes

  /// The pass that has been due longest and may begin; it runs until `finish`.
  mutating func next(at now: Date) -> Work? {
    guard let desired else { return nil }
    for name in queue.ready(at: now) where orders[name]?.suspension == nil {
      guard let declaration = declaration(of: name) else { continue }
      let missing = declaration.dependsOn.filter { !converged.contains($0) }
      guard missing.isEmpty else {
        wait(name, for: missing, at: now)
        continue
      }
      queue.start(name)
      var status = statuses[name] ?? EndpointStatus(endpoint: name, now: now)
      status.set(.reconciling, true, .passUnderWay, at: now)
      status.nextPass = nil
      statuses[name] = status
      return Work(
        declaration: declaration, desired: desired, approval: orders[name]?.approval,
        commit: revision?.commit, status: status, begun: now)
    }
    return nil
  }

  private mutating func wait(_ name: String, for missing: [String], at now: Date) {
    let message = "waits for \(missing.sorted().joined(separator: ", "))"
    guard var status = statuses[name], status[.ready].message != message else { return }
    status.set(.ready, false, .dependencyNotReady, message, at: now)
    statuses[name] = status
    changed.insert(name)
  }

  /// Sets the next pass: after the interval, give or take a tenth; sooner after what may pass by.
  /// - Parameters:
  ///   - work: what the pass began with.
  ///   - random: between 0 and 1.
  mutating func finish(_ work: Work, _ end: PassEnd, at now: Date, random: Double) {
    let name = work.declaration.name
    queue.finish(name)
    guard let declaration = declaration(of: name), var status = statuses[name] else { return }
    if case .leased = end.result {
      status[.reconciling] = EndpointCondition(.reconciling, false, .idle, since: now)
      statuses[name] = status
      queue.add(name, at: now + Self.leasePause * (0.5 + random / 2))
      return
    }
    status.end(end, begun: work.begun, revision: revision?.commit, controller: controller, at: now)
    let delay = pause(after: end, failures: status.failures, at: declaration, random: random)
    queue.add(name, at: now + delay)
    status.nextPass = queue.due(name)
    statuses[name] = status
    changed.insert(name)
    // Of manifests that came while it ran, the pass says nothing.
    guard queue.due(name) == now + delay else { return }
    unseen.remove(name)
    if end.isConverged { converged.insert(name) } else { converged.remove(name) }
  }

  private func pause(
    after end: PassEnd, failures: Int, at declaration: EndpointDeclaration, random: Double
  ) -> TimeInterval {
    guard end.result.isTransient else { return declaration.interval * (0.9 + random / 5) }
    let delay = min(backoff.delay(afterFailures: failures), declaration.interval) * (0.5 + random / 2)
    return max(delay, end.result.retryAfter ?? 0)
  }

  private func declaration(of name: String) -> EndpointDeclaration? { desired?.endpoints.first { $0.name == name } }
}

extension PassResult {
  /// How long the endpoint asked to be left alone, in seconds.
  fileprivate var retryAfter: TimeInterval? {
    guard case .unreachable(let error) = self else { return nil }
    switch error.kind {
    case .rateLimited(let wait?), .unavailable(let wait?): return TimeInterval(wait.components.seconds)
    default: return nil
    }
  }
}
