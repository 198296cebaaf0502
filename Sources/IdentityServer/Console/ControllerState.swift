import Foundation
import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import Logging
import OpenID
import Reconciliation
import Reports
import SCIM

/// What controllers keep of the endpoints that they look after.
package typealias ControllerStorage = ConvergenceRecords & JournalStorage & LeaseStorage

/// The state of controllers, as far as the console shows and changes it: all of it what the commands do as well.
struct ControllerState: Sendable {
  let storage: any ControllerStorage

  var records: EndpointRecords { EndpointRecords(storage) }

  /// How the endpoints fare, with what operators have asked for in it, by name. Those that no controller has come to for a
  /// month are left out: most likely no manifest declares them any more.
  /// - Parameter drift: what is remembered of each; nil has it read.
  func statuses(at now: Date, drift: [String: DriftMemory]? = nil) async throws -> [EndpointStatus] {
    let snapshot = try await records.snapshot()
    let memories = if let drift { drift } else { try await storage.driftMemories() }
    let lapsed = try await storage.lapsedLeases()
    return snapshot.statuses.values.map {
      $0.brokenOff(by: lapsed).following(snapshot.orders[$0.endpoint]).recalling(memories[$0.endpoint], at: now)
    }
    .filter { !EndpointContent.isForgotten($0, now: now) }.sorted { $0.endpoint < $1.endpoint }
  }
}

extension EndpointStatus {
  /// The status with the drift that is remembered now: the last pass may have put some of it right, and a command may have
  /// found more since.
  func recalling(_ memory: DriftMemory?, at now: Date) -> EndpointStatus {
    var status = self
    status.drift = memory?.counts(at: now).open ?? [:]
    return status
  }
}

extension ConsoleVisit {
  /// Runs the closure over the state of the controllers.
  /// - Throws: ``Refusal`` 403 for whoever is no administrator and 404 for a server that knows of no controller;
  ///   `SCIMError` 503 when the state cannot be read or written.
  func withControllers<Value>(_ body: (ControllerState) async throws -> Value) async throws -> Value {
    try demandAdministrator()
    do {
      guard let storage = try surroundings.controllers() else { throw Refusal.notFound }
      return try await body(ControllerState(storage: storage))
    } catch let refusal as Refusal {
      throw refusal
    } catch let error as SCIMError {
      throw error
    } catch {
      exchange.context.signedLogger.error("the state of the controllers fails", metadata: ["because": "\(error)"])
      throw SCIMError(status: 503, nil, "What the controllers keep of their endpoints cannot be read or written now.")
    }
  }

  /// Whether there may be controllers to show something of.
  var knowsControllers: Bool {
    do { return try surroundings.controllers() != nil } catch { return true }
  }
}

/// One endpoint that a request is about.
struct EndpointPlace {
  static let path = "\(ConsoleService.path)/endpoints"

  let visit: ConsoleVisit
  let name: String
  let status: EndpointStatus
  let order: EndpointOrder

  /// - Throws: `SCIMError` 404 for one that no controller has looked at.
  init(_ visit: ConsoleVisit, _ name: String, in state: ControllerState) async throws {
    let snapshot = try await state.records.snapshot()
    guard let status = snapshot.statuses[name] else {
      throw SCIMError(status: 404, nil, "No controller has looked at an endpoint called \"\(name)\".")
    }
    self.visit = visit
    self.name = name
    order = snapshot.orders[name] ?? EndpointOrder()
    let memory = try DriftMemory(try await state.storage.driftFindings(at: name))
    self.status = status.brokenOff(by: try await state.storage.lapsedLeases()).following(order)
      .recalling(memory, at: visit.surroundings.now())
  }

  static func path(_ name: String, _ action: ConsoleRoute.EndpointAction = .view) -> String {
    let base = "\(path)/\(FormEncoding.encoded(name))"
    return action == .view ? base : "\(base)/\(action.rawValue)"
  }

  func path(_ action: ConsoleRoute.EndpointAction = .view) -> String { Self.path(name, action) }

  /// The plan that waits for an approval and has none yet.
  var refusedPlan: String? {
    guard !status[.suspended].isTrue, order.approval?.plan != status.refusedPlan else { return nil }
    return status.refusedPlan
  }

  /// A page about the endpoint: its name, what can be done, and the ways to its other pages.
  func page(
    _ template: String, title: String, _ tab: ConsoleRoute.EndpointAction, runsScript: Bool = false,
    _ content: [String: PageContent?]
  ) throws -> Response {
    let own = EndpointContent.row(status, now: visit.surroundings.now())
    let tabs = ConsoleRoute.EndpointAction.pages.map { action, label -> [String: PageContent] in
      ["address": .text(path(action)), "label": .text(label), "is_current": .flag(action == tab)]
    }
    let notice = EndpointNotice(try visit.query)
    let head: [String: PageContent?] = [
      "tabs": .list(tabs), "notice": notice.map { .text($0.text(name)) },
      "switches": .list(switches), "links": .list(links),
      "approval": refusedPlan.map { _ in .text(path(.approve)) },
    ]
    return visit.page(
      template, title: title, section: Self.path, runsScript: runsScript,
      own.mapValues { $0 as PageContent? }.merging(head) { $1 }.merging(content) { $1 })
  }

  /// What one press does.
  private var switches: [[String: PageContent]] {
    let (action, label): (ConsoleRoute.EndpointAction, String) =
      status[.suspended].isTrue ? (.resume, "Resume") : (.reconcile, "Reconcile")
    return [
      ["action": .text(path(action)), "form_token": visit.token(for: path(action)), "label": .text(label)]
    ]
  }

  private var links: [[String: PageContent]] {
    guard !status[.suspended].isTrue else { return [] }
    return [["label": "Suspend", "address": .text(path(.suspend))]]
  }
}

/// What has just been asked of an endpoint, as the page after it says.
enum EndpointNotice: String, Sendable {
  case reconcile, suspended, resumed, approved, acknowledged, unacknowledged

  init?(_ query: QueryParameters) {
    guard let word = query[Notice.parameter], let notice = EndpointNotice(rawValue: word) else { return nil }
    self = notice
  }

  func text(_ name: String) -> String {
    switch self {
    case .reconcile: "A pass is asked for: it begins as soon as may be."
    case .suspended: "\(name) is suspended; a pass under way ends first."
    case .resumed: "\(name) is resumed."
    case .approved: "Approved: the next pass at \(name) carries the plan out if it is still the same."
    case .acknowledged: "The finding does not count until then."
    case .unacknowledged: "The finding counts again."
    }
  }

  /// The address of a page with this notice.
  func address(_ path: String) -> String { "\(path)?\(Notice.parameter)=\(rawValue)" }
}
