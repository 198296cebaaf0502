import Foundation
import Reconciliation
import Testing

@testable import Controller

/// A stand-in for the program `sops`, which Debian has not: it takes exactly what sops takes, and answers from a file.
struct SecretDocumentsTests {
  private let folder: TemporaryFolder
  private let clock = TestClock()

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("bin"), withIntermediateDirectories: true)
    try folder.write(
      """
      #!/bin/sh
      echo "$@" >> '\(folder.file("calls"))'
      [ $# = 4 ] && [ "$1 $2 $3" = "--decrypt --output-type json" ] || exit 100
      echo "hush in a complaint" >/dev/null
      case "$4" in *locked*) exit 128 ;; *changed*) exit 51 ;; *odd*) echo '["hush"]'; exit 0 ;; esac
      cat '\(folder.file("plain.json"))'
      """, to: "bin/sops")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.file("bin/sops"))
    for name in ["secrets.yaml", "locked.yaml", "changed.yaml", "odd.yaml"] { try folder.write("sops: {}", to: name) }
    try folder.write(
      #"{"people": {"password": "hush", "empty": "", "port": 8080}, "list": [{"key": "first"}, "second"]}"#,
      to: "plain.json")
  }

  private func resolver(path: String? = nil) -> SecretResolver {
    let environment = ["PATH": path ?? "\(folder.file("bin")):/usr/bin:/bin"]
    return SecretResolver(
      environment: environment,
      documents: SecretDocuments(environment: environment, now: { [clock] in clock.now }))
  }

  private func sops(_ key: String, in file: String = "secrets.yaml") -> SecretReference {
    .sops(file: folder.file(file), key: key)
  }

  private func complaint(_ reference: SecretReference, path: String? = nil) async -> String? {
    let failure = await #expect(throws: SecretResolver.Failure.self) {
      try await resolver(path: path).value(of: reference)
    }
    #expect(failure?.description.contains("hush") == false)
    return failure?.description
  }

  private var calls: Int {
    (try? String(contentsOfFile: folder.file("calls"), encoding: .utf8))?.split(separator: "\n").count ?? 0
  }

  @Test(arguments: [
    ("people.password", "hush"), ("people.port", "8080"), ("list.0.key", "first"), ("list.1", "second"),
  ])
  func valuesByTheirKeys(key: String, value: String) async throws {
    #expect(try await resolver().value(of: sops(key)) == Secret(value))
  }

  @Test func aFileIsDecryptedOnceARun() async throws {
    let resolver = resolver()
    try await withThrowingTaskGroup(of: Secret.self) { group in
      for _ in 0..<20 { group.addTask { try await resolver.value(of: sops("people.password")) } }
      for try await value in group { #expect(value == Secret("hush")) }
    }
    #expect(calls == 1)
    try folder.write(#"{"people": {"password": "rotated"}}"#, to: "plain.json")
    #expect(try await resolver.value(of: sops("people.password")) == Secret("hush"))
    clock.advance(by: 61)
    #expect(try await resolver.value(of: sops("people.password")) == Secret("rotated"))
    #expect(calls == 2)
  }

  @Test func whatFailedIsTriedAgainAtOnce() async throws {
    let resolver = resolver()
    let plain = try Data(contentsOf: URL(fileURLWithPath: folder.file("plain.json")))
    try folder.write("no JSON", to: "plain.json")
    await #expect(throws: SecretResolver.Failure.self) { try await resolver.value(of: sops("people.password")) }
    try plain.write(to: URL(fileURLWithPath: folder.file("plain.json")))
    #expect(try await resolver.value(of: sops("people.password")) == Secret("hush"))
  }

  @Test func inClearWords() async {
    #expect(await complaint(sops("people.password"), path: "/nowhere") == "the program sops is not on the PATH")
    #expect(await complaint(sops("x", in: "none.yaml"))?.hasSuffix("none.yaml cannot be read") == true)
    #expect(await complaint(sops("x", in: "locked.yaml"))?.hasSuffix("none of our keys opens it") == true)
    #expect(await complaint(sops("x", in: "changed.yaml"))?.contains("was changed without sops") == true)
    #expect(await complaint(sops("x", in: "odd.yaml"))?.hasSuffix("is no mapping") == true)
    #expect(await complaint(sops("people.nobody"))?.hasSuffix("has no key people.nobody") == true)
    #expect(await complaint(sops("list.7"))?.hasSuffix("has no key list.7") == true)
    #expect(await complaint(sops("people"))?.hasSuffix("is not a single value") == true)
    #expect(await complaint(sops("people.empty"))?.hasSuffix("is empty") == true)
    #expect(await complaint(.vault(path: "secret/data/x", key: "y"))?.contains("VAULT_ADDR") == true)
  }
}
