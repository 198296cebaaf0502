import Foundation
import Logging
import Manifests
import Reconciliation
import Testing

@testable import Controller

private func intake(
  _ source: any RevisionSource, largestLoss: Double = 0.5, clock: TestClock = TestClock()
) -> ManifestIntake {
  ManifestIntake(source, largestLoss: largestLoss, now: { clock.now }) {
    ManifestCompiler().compile(ManifestFolder.contents(of: $0).sources)
  }
}

extension ManifestIntake.Event? {
  fileprivate var users: Int? {
    if case .admitted(let admission) = self { admission.compilation.desiredState.resources.count } else { nil }
  }

  fileprivate var problem: SourceProblem? { if case .refused(let problem, _) = self { problem } else { nil } }
}

@Suite struct ManifestIntakeTests {
  private let folder: TemporaryFolder
  private let clock = TestClock()

  init() throws { folder = try TemporaryFolder() }

  private func write(_ count: Int) throws {
    try folder.write((0..<count).map { userManifest("user\($0)") }.joined(), to: "people.yaml")
  }

  @Test func aVersionIsAdmittedOnce() async throws {
    try write(4)
    let intake = intake(FolderSource(paths: [folder.path]), clock: clock)
    #expect(await !intake.status().isCurrent)
    #expect(await intake.next().users == 4)
    #expect(await intake.next() == nil)
    let status = await intake.status()
    #expect(status.isCurrent)
    #expect(status.documents == 4)
    #expect(status.inForceSince == clock.now)
    #expect(status.source == "folder \(folder.path)")
    intake.wake()
    #expect(await intake.next().users == 4)
  }

  @Test func faultyManifestsAreToldAndMended() async throws {
    try write(4)
    let intake = intake(FolderSource(paths: [folder.path]), clock: clock)
    #expect(await intake.next().users == 4)
    try folder.write("kind: [", to: "people.yaml")
    #expect(await intake.next().problem?.reason == .invalid)
    clock.advance(by: 60)
    let status = await intake.status()
    #expect(status.documents == 4)
    #expect(status.problem?.message.contains("people.yaml:") == true)
    #expect(status.problemSince == clock.now - 60)
    try write(5)
    #expect(await intake.next().users == 5)
    #expect(await intake.status().problem == nil)
    #expect(await intake.status().problemSince == nil)
  }

  @Test(arguments: [(10, 5, true), (10, 4, false), (10, 0, false), (1, 0, false), (3, 2, true), (4, 40, true)])
  func halfOfTheDocumentsMayGo(before: Int, after: Int, isAdmitted: Bool) async throws {
    try write(before)
    let intake = intake(FolderSource(paths: [folder.path]))
    #expect(await intake.next().users == before)
    try write(after)
    let event = await intake.next()
    #expect(event.users == (isAdmitted ? after : nil))
    #expect(event.problem?.reason == (isAdmitted ? nil : .shrunk))
    #expect(await intake.status().documents == (isAdmitted ? after : before))
  }

  @Test func whatIsMeantIsApproved() async throws {
    try write(10)
    let intake = intake(FolderSource(paths: [folder.path]))
    #expect(await intake.next().users == 10)
    #expect(await intake.waiting == nil)
    try write(2)
    #expect(await intake.next().problem?.message.contains("only 2 documents where there were 10") == true)
    #expect(await intake.next() == nil)
    await intake.approve(try #require(await intake.waiting))
    #expect(await intake.next().users == 2)
    #expect(await intake.next() == nil)
    #expect(await intake.status().isCurrent)
  }

  @Test func anApprovalIsForWhatWasSeen() async throws {
    try write(10)
    let intake = intake(FolderSource(paths: [folder.path]))
    #expect(await intake.next().users == 10)
    try write(4)
    #expect(await intake.next().problem != nil)
    try write(1)
    #expect(await intake.next().problem?.message.contains("only 1 document ") == true)
    await intake.approve(try #require(await intake.waiting))
    #expect(await intake.next().users == 1)
  }

  @Test func everythingMayBeAllowedToGo() async throws {
    try write(10)
    let intake = intake(FolderSource(paths: [folder.path]), largestLoss: 1)
    #expect(await intake.next().users == 10)
    try write(0)
    #expect(await intake.next().users == 0)
  }

  @Test func eachThingIsLoggedOnce() async throws {
    try write(10)
    let intake = intake(FolderSource(paths: [folder.path]))
    _ = await intake.next()
    #expect(await intake.news().map(\.message) == ["manifests read"])
    #expect(await intake.news().isEmpty)
    try write(0)
    _ = await intake.next()
    let news = await intake.news()
    #expect(news.count == 1)
    #expect(news.first?.level == .error)
    #expect(news.first?.message.hasSuffix("; the last good state stays in force") == true)
    #expect(await intake.news().isEmpty)
  }
}

/// What an earlier process had in force stays there over a restart.
@Suite struct ManifestIntakeRestartTests {
  private let origin: GitRepository
  private let work: TemporaryFolder

  init() throws {
    origin = try GitRepository()
    work = try TemporaryFolder()
  }

  private func write(_ count: Int) throws -> String {
    try origin.commit(["people.yaml": (0..<count).map { userManifest("user\($0)") }.joined()])
  }

  private func started() throws -> ManifestIntake {
    var settings = try GitSource.Settings(remote: GitRemote("file://" + origin.path))
    settings.workFolder = work.path
    return intake(
      GitSource(
        settings, environment: ProcessInfo.processInfo.environment, secrets: SecretResolver(environment: [:]),
        stop: StopSignal(), now: { Date(timeIntervalSince1970: 0) }, random: { 0.5 }))
  }

  private func look(_ intake: ManifestIntake) async -> ManifestIntake.Event? {
    intake.wake()
    await intake.refresh()
    return await intake.next()
  }

  @Test func whileTheOriginIsAway() async throws {
    let commit = try write(4)
    do { #expect(await look(try started()).users == 4) }
    try FileManager.default.moveItem(atPath: origin.path, toPath: origin.path + "-away")
    defer { try? FileManager.default.removeItem(atPath: origin.path + "-away") }
    let intake = try started()
    #expect(await look(intake).users == 4)
    #expect(await look(intake) == nil)
    let status = await intake.status()
    #expect(status.revision?.commit == commit)
    #expect(status.problem?.reason == .unreachable)
    #expect(!status.isCurrent)
  }

  @Test func whileTheNewestVersionIsEmpty() async throws {
    _ = try write(4)
    do { #expect(await look(try started()).users == 4) }
    let emptied = try write(0)
    let intake = try started()
    #expect(await look(intake).problem?.reason == .shrunk)
    #expect(await intake.next().users == 4)
    #expect(await intake.status().problem?.commit == emptied)
    await intake.approve(try #require(await intake.waiting))
    #expect(await intake.next().users == 0)
    #expect(await intake.status().isCurrent)
  }

  @Test func filesAreToldAsTheyAreInTheRepository() async throws {
    try origin.commit(["people/a.yaml": userManifest("ada") + "spec: 1\n"])
    let intake = try started()
    guard case .refused(let problem, let diagnostics) = await look(intake) else {
      Issue.record("nothing was refused")
      return
    }
    #expect(problem.message.contains(": people/a.yaml:"))
    #expect(diagnostics.allSatisfy { $0.location.file == "people/a.yaml" })
    #expect(await intake.next() == nil)
  }
}
