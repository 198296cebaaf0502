import Foundation
import Stores
import Testing

@testable import IdentityServer
@testable import Reconciliation

/// Endpoints that no controller comes to any more, in the console.
struct ConsoleAttendanceTests {
  private static let now = Date(timeIntervalSince1970: 1_790_000_000)

  /// Nobody has come for a month: no manifest declares it any more. What is remembered of it is not counted either.
  @Test func whatNoControllerHasComeToForAMonthIsLeftOut() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("console-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try SQLiteStateStore(path: folder.appendingPathComponent("state.sqlite").path)
    for (name, days) in [("nearly", 29.0), ("gone", 31)] {
      var status = EndpointStatus(endpoint: name, now: Self.now)
      status.set(.ready, true, .converged, at: Self.now)
      (status.lastPass, status.nextPass) = (Self.now - days * 86_400, Self.now - days * 86_400)
      try await EndpointRecords(store).save(status)
    }
    try await store.changeDriftMemory(at: "gone") { memory in
      let finding = DriftReport.Finding(
        class: .unmanaged, endpoint: "gone", key: ResourceKey("User", "ann"), attributes: [], source: nil)
      _ = memory.note([finding], at: Self.now, isWhole: true)
    }
    var setup = ServerSetup()
    setup.controllers = { store }
    try await withServer(setup) { server async throws in
      let browser = try await TestBrowser.atConsole(server)
      for path in ["/console", "/console/endpoints"] {
        let text = try await browser.get(path).text.plainText
        #expect(text.contains("nearly unattended ready when a controller came last, 29 days ago"))
        #expect(!text.contains("gone unattended") && !text.contains("unmanaged 1"))
      }
      #expect(try await browser.get(EndpointPlace.path("gone")).text.plainText.contains("1 unmanaged"))
    }
  }

  /// A controller that died in the middle of a pass leaves a lease that runs out: nobody is at it any more.
  @Test func aPassThatWasBrokenOffIsNotUnderWay() {
    var status = EndpointStatus(endpoint: "slack", now: Self.now - 900)
    status.set(.ready, false, .partlyApplied, at: Self.now - 900)
    status.lastPass = Self.now - 900
    status.set(.reconciling, true, .passUnderWay, at: Self.now - 700)
    #expect(EndpointContent.texts(status.brokenOff(by: []), now: Self.now)["next"] == "a pass is under way")
    let lapsed = Lease(
      endpoint: "slack", holder: LeaseHolder(name: "run", id: "1"), token: 1, since: Self.now - 700,
      expires: Self.now - 600)
    let texts = EndpointContent.texts(status.brokenOff(by: [lapsed]), now: Self.now)
    #expect(texts["state_label"] == "unattended" && texts["next"] == "no controller has come")
    #expect(EndpointContent.texts(status.brokenOff(by: [lapsed]), now: Self.now - 590)["next"] == "next pass now")
    // One that waits for its next try is not at a pass.
    status.set(.reconciling, true, .retrying, at: Self.now - 700)
    #expect(status.brokenOff(by: [lapsed]) == status)
  }

  @Test func aSuspendedEndpointIsNotMissed() {
    var status = EndpointStatus(endpoint: "slack", now: Self.now)
    status.nextPass = Self.now - 90 * 86_400
    let suspended = status.following(
      EndpointOrder(suspension: .init(by: "ada", reason: "audit", since: Self.now - 90 * 86_400)))
    #expect(EndpointContent.isForgotten(status, now: Self.now))
    #expect(!EndpointContent.isForgotten(suspended, now: Self.now))
    #expect(EndpointContent.texts(suspended, now: Self.now)["state_label"] == "suspended")
  }
}
