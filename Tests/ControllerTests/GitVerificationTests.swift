import Foundation
import Testing

@testable import Controller

/// A repository and somebody's keys.
private struct SigningBed {
  let origin: GitRepository
  let keys: TemporaryFolder
  let source: GitSource

  init(verification: (TemporaryFolder) -> GitVerification) throws {
    origin = try GitRepository()
    keys = try TemporaryFolder()
    var settings = try GitSource.Settings(remote: GitRemote("file://" + origin.path))
    settings.workFolder = keys.file("work")
    settings.verification = verification(keys)
    source = GitSource(
      settings, environment: ProcessInfo.processInfo.environment, secrets: SecretResolver(environment: [:]),
      stop: StopSignal(), now: { Date(timeIntervalSince1970: 0) }, random: { 0.5 })
  }

  func look() async -> SourceVersion? {
    source.wake()
    await source.refresh()
    return await source.next()
  }

  /// What is said of a commit that is not taken.
  func refusal() async -> String? {
    #expect(await look() == nil)
    let problem = await source.condition().problem
    #expect(problem?.reason == .unsigned)
    return problem?.message
  }

  /// Makes an ssh key.
  /// - Returns: its public part.
  func makeKey(_ name: String) throws -> String {
    _ = try run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", keys.file(name)])
    return try String(contentsOfFile: keys.file(name + ".pub"), encoding: .utf8)
  }

  func signing(with key: String) -> [String] {
    ["-c", "gpg.format=ssh", "-c", "user.signingKey=\(keys.file(key))", "-c", "gpg.ssh.program=ssh-keygen"]
  }

  func allow(_ keys: [String: String]) throws {
    let lines = keys.sorted { $0.key < $1.key }.map { "\($0.key)@corp.example namespaces=\"git\" \($0.value)" }
    try self.keys.write(lines.joined(separator: "\n"), to: "allowed")
  }

  func run(_ program: String, _ arguments: [String], with extra: [String: String] = [:]) throws -> String {
    let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": keys.path]
    let answer = try Subprogram(program, environment: environment.merging(extra) { $1 }).run(arguments)
    guard answer.status == 0 else { throw GitRepository.Failure(description: answer.complaint) }
    return answer.text
  }
}

@Suite struct GitVerificationTests {
  @Test func shellKeysThatMaySign() async throws {
    let bed = try SigningBed { GitVerification(allowedSigners: $0.file("allowed")) }
    let ada = try bed.makeKey("ada")
    let eve = try bed.makeKey("eve")
    try bed.allow(["ada": ada])
    let signed = try bed.origin.commit(["a.yaml": "one"], signing: bed.signing(with: "ada"))
    #expect(await bed.look()?.revision?.commit == signed)
    try bed.origin.commit(["a.yaml": "two"])
    #expect(await bed.refusal()?.hasSuffix("is not signed: it is not taken") == true)
    let stranger = try bed.origin.commit(["a.yaml": "three"], signing: bed.signing(with: "eve"))
    #expect(await bed.refusal()?.contains("not among the trusted ones") == true)
    // No new commit is needed once the key may sign.
    try bed.allow(["ada": ada, "eve": eve])
    #expect(await bed.look()?.revision?.commit == stranger)
    #expect(await bed.source.condition().problem == nil)
  }

  @Test func aSignatureOfAnotherCommit() async throws {
    let bed = try SigningBed { GitVerification(allowedSigners: $0.file("allowed")) }
    try bed.allow(["ada": try bed.makeKey("ada")])
    try bed.origin.commit(["a.yaml": "one"], signing: bed.signing(with: "ada"))
    let raw = try bed.origin.git("cat-file", "commit", "HEAD")
    try Data(raw.replacing("By Ada", with: "By Eve").appending("\n").utf8)
      .write(to: URL(fileURLWithPath: bed.origin.folder.file("forged")))
    let forged = try bed.origin.git("hash-object", "-t", "commit", "-w", "forged")
    try bed.origin.git("update-ref", "refs/heads/main", forged)
    #expect(await bed.refusal()?.contains("has a signature that is wrong") == true)
  }

  @Test func withoutAnyKeyNothingIsTrusted() async throws {
    let bed = try SigningBed { _ in GitVerification() }
    _ = try bed.makeKey("ada")
    try bed.origin.commit(["a.yaml": "one"], signing: bed.signing(with: "ada"))
    #expect(await bed.refusal() != nil)
  }

  @Test func openPGPKeysOfTheKeyring() async throws {
    let bed = try SigningBed { GitVerification(keyring: $0.file("ring")) }
    for home in ["own", "ring"] {
      try FileManager.default.createDirectory(
        atPath: bed.keys.file(home), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
    let own = ["GNUPGHOME": bed.keys.file("own")]
    let gpg = ["--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""]
    for name in ["ada", "eve"] {
      _ = try bed.run("gpg", gpg + ["--quick-generate-key", "\(name)@corp.example", "ed25519", "sign"], with: own)
    }
    defer { _ = try? bed.run("gpgconf", ["--kill", "all"], with: own) }
    _ = try bed.run(
      "gpg", ["--batch", "--export", "--output", bed.keys.file("ada.key"), "ada@corp.example"], with: own)
    _ = try bed.run(
      "gpg", ["--batch", "--quiet", "--import", bed.keys.file("ada.key")], with: ["GNUPGHOME": bed.keys.file("ring")])
    try bed.keys.write("#!/bin/sh\nGNUPGHOME='\(bed.keys.file("own"))' exec gpg \"$@\"\n", to: "gpg-own")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: bed.keys.file("gpg-own"))
    func signing(_ name: String) -> [String] {
      ["-c", "gpg.program=\(bed.keys.file("gpg-own"))", "-c", "user.signingKey=\(name)@corp.example"]
    }
    let signed = try bed.origin.commit(["a.yaml": "one"], signing: signing("ada"))
    #expect(await bed.look()?.revision?.commit == signed)
    try bed.origin.commit(["a.yaml": "two"], signing: signing("eve"))
    #expect(await bed.refusal()?.contains("not among the trusted ones") == true)
    try bed.origin.commit(["a.yaml": "three"])
    #expect(await bed.refusal()?.contains("is not signed") == true)
  }
}
