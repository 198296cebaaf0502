import Foundation
import Reconciliation
import Testing

@testable import Controller

@Suite struct ManifestHistoryTests {
  private let repository: GitRepository
  private let history = ManifestHistory(environment: ProcessInfo.processInfo.environment)

  init() throws { repository = try GitRepository() }

  private func place(_ line: Int, _ file: String = "people.yaml") -> Reconciliation.SourceLocation {
    Reconciliation.SourceLocation(file: repository.folder.file(file), line: line)
  }

  /// Each manifest takes seven lines.
  private func people(_ departments: String...) -> String {
    departments.enumerated().map { userManifest("user\($0.offset)", department: $0.element) }.joined()
  }

  @Test func whoChangedADocumentLast() async throws {
    try repository.commit(["people.yaml": people("A", "A", "A")], as: "Ada", date: 1_780_000_000)
    let change = try repository.commit(["people.yaml": people("A", "B", "A")], as: "Bob", date: 1_780_000_100)
    let found = await history.lastChanges(of: [place(2), place(9), place(16)])
    #expect(found[place(2)]?.author == "Ada <ada@corp.example>")
    #expect(found[place(9)]?.author == "Bob <bob@corp.example>")
    #expect(found[place(9)]?.commit == change)
    #expect(found[place(9)]?.time == Date(timeIntervalSince1970: 1_780_000_100))
    #expect(found[place(9)]?.subject == "By Bob")
    #expect(found[place(16)]?.author == "Ada <ada@corp.example>")
  }

  @Test func aNewCommitIsSeenByTheSameHistory() async throws {
    try repository.commit(["people.yaml": people("A")], as: "Ada", date: 1_780_000_000)
    #expect(await history.lastChanges(of: [place(2)])[place(2)]?.author.hasPrefix("Ada") == true)
    try repository.commit(["people.yaml": people("B")], as: "Bob", date: 1_780_000_100)
    #expect(await history.lastChanges(of: [place(2)])[place(2)]?.author.hasPrefix("Bob") == true)
  }

  @Test func whatWasNeverCommittedHasNoAuthor() async throws {
    try repository.commit(["people.yaml": people("A", "A")])
    try Data(people("A", "B").utf8).write(to: URL(fileURLWithPath: place(1).file))
    try repository.folder.write(people("A"), to: "new.yaml")
    let found = await history.lastChanges(of: [place(2), place(9), place(2, "new.yaml"), place(2, "none.yaml")])
    #expect(Array(found.keys) == [place(2)])
  }

  @Test func manyDocumentsOfAFileInFewCalls() async throws {
    let names = (0..<450).map { "user\($0)" }
    try repository.commit(["people.yaml": names.map { userManifest($0) }.joined()])
    let places = names.indices.map { place($0 * 7 + 2) }
    #expect(await history.lastChanges(of: places).count == 450)
  }

  @Test func theCommitOfAWorkingFolder() async throws {
    #expect(await history.revision(of: [repository.path]) == nil)
    let commit = try repository.commit(["manifests/people.yaml": people("A"), "README": "x"], as: "Ada")
    let folder = repository.folder.file("manifests")
    var revision = try #require(await history.revision(of: [folder]))
    #expect(revision.commit == commit)
    #expect(!revision.isDirty)
    #expect(revision.description == String(commit.prefix(12)))
    // What changed elsewhere does not concern the manifests.
    try repository.folder.write("y", to: "README")
    revision = try #require(await history.revision(of: [folder]))
    #expect(!revision.isDirty)
    try repository.folder.write(people("B"), to: "manifests/more.yaml")
    revision = try #require(await history.revision(of: [folder]))
    #expect(revision.isDirty)
    #expect(revision.description.hasSuffix(" with uncommitted changes"))
  }

  @Test func outsideARepositoryThereIsNothingToTell() async throws {
    let folder = try TemporaryFolder()
    try folder.write(people("A"), to: "people.yaml")
    let place = Reconciliation.SourceLocation(file: folder.file("people.yaml"), line: 2)
    #expect(await history.revision(of: [folder.path]) == nil)
    #expect(await history.lastChanges(of: [place]).isEmpty)
  }

  @Test func ofAVersionThatASourceBrought() async throws {
    try repository.commit(["manifests/people.yaml": people("A", "A")], as: "Ada", date: 1_780_000_000)
    try repository.commit(["manifests/people.yaml": people("A", "B")], as: "Bob", date: 1_780_000_100)
    let work = try TemporaryFolder()
    var settings = try GitSource.Settings(remote: GitRemote("file://" + repository.path), directory: "manifests")
    settings.workFolder = work.path
    let source = GitSource(
      settings, environment: ProcessInfo.processInfo.environment, secrets: SecretResolver(environment: [:]),
      stop: StopSignal(), now: { Date(timeIntervalSince1970: 0) }, random: { 0.5 })
    await source.refresh()
    #expect(await source.history() == nil)
    await source.accepted(try #require(await source.next()), documents: 2)
    let history = try #require(await source.history())
    let places = [
      Reconciliation.SourceLocation(file: "manifests/people.yaml", line: 2),
      .init(file: "manifests/people.yaml", line: 9),
    ]
    let found = await history.lastChanges(of: places)
    #expect(places.map { found[$0]?.author.prefix(3) } == ["Ada", "Bob"])
    #expect(await history.revision(of: [])?.subject == "By Bob")
  }
}
