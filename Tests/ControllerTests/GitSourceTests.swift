import Foundation
import Reconciliation
import Testing

@testable import Controller

/// A source over a real repository, with a time that only the test moves.
private struct SourceBed {
  let origin: GitRepository
  let work: TemporaryFolder
  let clock = TestClock()
  let source: GitSource

  init(
    origin: GitRepository? = nil, work: TemporaryFolder? = nil, directory: String = "manifests", ref: String = "main",
    verification: GitVerification? = nil
  ) throws {
    self.origin = try origin ?? GitRepository()
    self.work = try work ?? TemporaryFolder()
    var settings = try GitSource.Settings(
      remote: GitRemote("file://" + self.origin.path), ref: ref, directory: directory)
    settings.workFolder = self.work.path
    settings.verification = verification
    source = GitSource(
      settings, environment: ProcessInfo.processInfo.environment, secrets: SecretResolver(environment: [:]),
      stop: StopSignal(), now: { [clock] in clock.now }, random: { 0.5 })
  }

  /// Looks now and tells what is new.
  func look() async -> SourceVersion? {
    source.wake()
    await source.refresh()
    return await source.next()
  }

  func problem() async -> SourceProblem? { await source.condition().problem }

  func text(_ version: SourceVersion?, _ name: String) -> String? {
    version.flatMap { FileManager.default.contents(atPath: "\($0.paths[0])/\(name)") }
      .map { String(decoding: $0, as: UTF8.self) }
  }
}

@Suite struct GitSourceTests {
  @Test func everyNewCommitIsOneVersion() async throws {
    let bed = try SourceBed()
    let first = try bed.origin.commit(["manifests/a.yaml": "one", "README": "x"], as: "Ada")
    let version = try #require(await bed.look())
    #expect(version.revision?.commit == first)
    #expect(version.revision?.author == "Ada <ada@corp.example>")
    #expect(version.revision?.time == Date(timeIntervalSince1970: 1_780_000_000))
    #expect(version.revision?.subject == "By Ada")
    #expect(bed.text(version, "a.yaml") == "one")
    #expect(await bed.look() == nil)
    let second = try bed.origin.commit(["manifests/a.yaml": "two"], as: "Bob")
    let next = try #require(await bed.look())
    #expect(next.revision?.commit == second)
    #expect(bed.text(next, "a.yaml") == "two")
    #expect(bed.text(version, "a.yaml") == "one")
    #expect(await bed.problem() == nil)
  }

  @Test func oldVersionsGoWhenNewOnesAreInForce() async throws {
    let bed = try SourceBed()
    var versions: [SourceVersion] = []
    for text in ["one", "two", "three"] {
      try bed.origin.commit(["manifests/a.yaml": text])
      let version = try #require(await bed.look())
      await bed.source.accepted(version, documents: 1)
      versions.append(version)
    }
    #expect(versions.map { bed.text($0, "a.yaml") } == [nil, "two", "three"])
  }

  @Test func looksWhenItIsDueOrWoken() async throws {
    let bed = try SourceBed()
    try bed.origin.commit(["manifests/a.yaml": "one"])
    await bed.source.refresh()
    #expect(await bed.source.next() != nil)
    try bed.origin.commit(["manifests/a.yaml": "two"])
    await bed.source.refresh()
    #expect(await bed.source.next() == nil)
    bed.clock.advance(by: 61)
    await bed.source.refresh()
    #expect(await bed.source.next() != nil)
    try bed.origin.commit(["manifests/a.yaml": "three"])
    bed.source.wake()
    await bed.source.refresh()
    #expect(await bed.source.next() != nil)
  }

  @Test func anOriginThatIsAwayIsToldAndComesBack() async throws {
    let bed = try SourceBed()
    try bed.origin.commit(["manifests/a.yaml": "one"])
    #expect(await bed.look() != nil)
    let away = bed.origin.path + "-away"
    try FileManager.default.moveItem(atPath: bed.origin.path, toPath: away)
    #expect(await bed.look() == nil)
    #expect(await bed.problem()?.reason == .unreachable)
    try FileManager.default.moveItem(atPath: away, toPath: bed.origin.path)
    #expect(await bed.look() == nil)
    #expect(await bed.problem() == nil)
  }

  @Test func aBranchThatIsNotThere() async throws {
    let bed = try SourceBed(ref: "release")
    try bed.origin.commit(["manifests/a.yaml": "one"])
    #expect(await bed.look() == nil)
    #expect(await bed.problem()?.message.contains("there is no refs/heads/release in it") == true)
  }

  @Test func tagsByTheirFullName() async throws {
    let bed = try SourceBed(ref: "refs/tags/v1")
    let commit = try bed.origin.commit(["manifests/a.yaml": "one"])
    try bed.origin.git("tag", "--annotate", "--message", "first", "v1")
    try bed.origin.commit(["manifests/a.yaml": "two"])
    #expect(await bed.look()?.revision?.commit == commit)
  }

  @Test func droppedHistoryIsToldAndTaken() async throws {
    let bed = try SourceBed()
    try bed.origin.commit(["manifests/a.yaml": "one"])
    let dropped = try bed.origin.commit(["manifests/a.yaml": "two"])
    #expect(await bed.look() != nil)
    try bed.origin.git("reset", "--hard", "--quiet", "HEAD^")
    let rewritten = try bed.origin.commit(["manifests/a.yaml": "other"])
    #expect(await bed.look()?.revision?.commit == rewritten)
    let notice = await bed.source.condition().notice
    #expect(notice?.contains(dropped.prefix(12)) == true)
    try bed.origin.commit(["manifests/a.yaml": "more"])
    #expect(await bed.look() != nil)
    #expect(await bed.source.condition().notice == nil)
  }

  @Test func twoControllersDoNotShareAFolder() async throws {
    let bed = try SourceBed()
    try bed.origin.commit(["manifests/a.yaml": "one"])
    #expect(await bed.look() != nil)
    let second = try SourceBed(origin: bed.origin, work: bed.work)
    #expect(await second.look() == nil)
    #expect(await second.problem()?.message.contains("--git-folder") == true)
  }

  @Test func aMirrorThatWasDamagedIsMadeAnew() async throws {
    let origin = try GitRepository()
    let work = try TemporaryFolder()
    try origin.commit(["manifests/a.yaml": "one"])
    do {
      let bed = try SourceBed(origin: origin, work: work)
      #expect(await bed.look() != nil)
    }
    let home = try #require(try FileManager.default.contentsOfDirectory(atPath: work.path).first)
    try work.write("", to: "\(home)/mirror.git/refs/rollcall/head.lock")
    try origin.commit(["manifests/a.yaml": "two"])
    do {
      let bed = try SourceBed(origin: origin, work: work)
      #expect(await bed.look() != nil)
    }
    try work.write("nonsense", to: "\(home)/mirror.git/HEAD")
    #expect(await (try SourceBed(origin: origin, work: work)).look() != nil)
  }

  @Test func hooksAndSettingsOfTheRepositoryDoNotRun() async throws {
    let bed = try SourceBed()
    let trace = bed.work.file("trace")
    try bed.origin.commit(["manifests/a.yaml": "one", ".gitattributes": "*.yaml filter=evil\n"])
    #expect(await bed.look() != nil)
    let home = try #require(try FileManager.default.contentsOfDirectory(atPath: bed.work.path).first)
    let hooks = "\(home)/mirror.git/hooks"
    try FileManager.default.createDirectory(atPath: bed.work.file(hooks), withIntermediateDirectories: true)
    for hook in ["reference-transaction", "post-checkout", "pre-auto-gc"] {
      try bed.work.write("#!/bin/sh\ntouch '\(trace)'\n", to: "\(hooks)/\(hook)")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: bed.work.file("\(hooks)/\(hook)"))
    }
    try bed.origin.commit(["manifests/a.yaml": "two"])
    #expect(await bed.look() != nil)
    #expect(!FileManager.default.fileExists(atPath: trace))
  }
}

@Suite struct GitContentTests {
  private func refusal(_ change: (SourceBed) throws -> Void) async throws -> String? {
    let bed = try SourceBed()
    try bed.origin.commit(["manifests/a.yaml": "one"])
    #expect(await bed.look() != nil)
    try change(bed)
    try bed.origin.commit([:])
    #expect(await bed.look() == nil)
    let problem = await bed.problem()
    #expect(problem?.reason == .unacceptable)
    #expect(problem?.commit == (try bed.origin.git("rev-parse", "HEAD")))
    return problem?.message
  }

  private func link(_ path: String, to target: String, in origin: GitRepository) throws {
    try FileManager.default.createSymbolicLink(atPath: origin.folder.file(path), withDestinationPath: target)
  }

  /// The second leads from a checkout to the folder that all of them are in.
  @Test(arguments: ["/etc/passwd", "../../../../outside.yaml"])
  func linksThatLeadOut(target: String) async throws {
    let message = try await refusal { bed in
      try bed.work.write("x", to: "outside.yaml")
      try link("manifests/out.yaml", to: target, in: bed.origin)
    }
    #expect(message?.contains("the link manifests/out.yaml leads out of the repository") == true)
  }

  @Test func aLinkThatLeadsNowhere() async throws {
    let message = try await refusal { bed in try link("manifests/out.yaml", to: "../none.yaml", in: bed.origin) }
    #expect(message?.contains("the link manifests/out.yaml leads nowhere") == true)
  }

  @Test func aLinkThatLeadsOutThroughAnother() async throws {
    let message = try await refusal { bed in
      try FileManager.default.createDirectory(
        atPath: bed.origin.folder.file("a/b"), withIntermediateDirectories: true)
      // Taken word by word the second stays inside; followed, it does not.
      try link("a/b/up", to: "../..", in: bed.origin)
      try link("manifests/out", to: "../a/b/up/../../etc", in: bed.origin)
    }
    #expect(message?.contains("manifests/out") == true)
  }

  @Test func linksThatStayAreFollowedAndOthersElsewhereAreNotMade() async throws {
    let bed = try SourceBed()
    try bed.origin.commit(["manifests/a.yaml": "one", "shared/b.yaml": "two"])
    try link("manifests/b.yaml", to: "../shared/b.yaml", in: bed.origin)
    try link("elsewhere", to: "/etc/passwd", in: bed.origin)
    try bed.origin.commit([:])
    let version = try #require(await bed.look())
    #expect(bed.text(version, "b.yaml") == "two")
    let root = try #require(version.root)
    #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: root + "/elsewhere")) == nil)
  }

  @Test func submodules() async throws {
    let inner = try GitRepository()
    try inner.commit(["x.yaml": "x"])
    let message = try await refusal { bed in
      try bed.origin.git(
        "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "file://" + inner.path, "manifests/inner")
    }
    #expect(message?.contains("manifests/inner is a submodule") == true)
  }

  @Test func submodulesElsewhereAreEmpty() async throws {
    let inner = try GitRepository()
    try inner.commit(["x.yaml": "x"])
    let bed = try SourceBed()
    try bed.origin.git(
      "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "file://" + inner.path, "tools")
    try bed.origin.commit(["manifests/a.yaml": "one"])
    let version = try #require(await bed.look())
    let root = try #require(version.root)
    #expect(!FileManager.default.fileExists(atPath: root + "/tools/x.yaml"))
  }

  @Test func aFolderThatIsGone() async throws {
    let message = try await refusal { bed in try bed.origin.git("rm", "-r", "--quiet", "manifests") }
    #expect(message?.contains("has no folder manifests, which nobody can approve") == true)
  }
}
