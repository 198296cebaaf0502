import Foundation
import Reconciliation
import Testing

@testable import Controller

struct SecretResolverTests {
  private let folder: TemporaryFolder
  private let resolver = SecretResolver(environment: ["TOKEN": "hush", "EMPTY": ""])

  init() throws { folder = try TemporaryFolder() }

  private func file(_ bytes: [UInt8]) throws -> SecretReference {
    let path = folder.file("secret")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return .file(path)
  }

  private func complaint(_ reference: SecretReference) async -> String? {
    await #expect(throws: SecretResolver.Failure.self) { try await resolver.value(of: reference) }?.description
  }

  @Test func environment() async throws {
    #expect(try await resolver.value(of: .environment("TOKEN")) == Secret("hush"))
    #expect(await complaint(.environment("NONE")) == "the environment variable NONE is not set")
    #expect(await complaint(.environment("EMPTY")) == "the environment variable EMPTY is empty")
  }

  @Test(arguments: ["hush", "hush\n", "hush\r\n"])
  func aFilesLastLineEndIsNotPartOfIt(text: String) async throws {
    #expect(try await resolver.value(of: try file(Array(text.utf8))) == Secret("hush"))
  }

  @Test func onlyOneLineEndGoes() async throws {
    #expect(try await resolver.value(of: try file(Array("hu\nsh\n\n".utf8))) == Secret("hu\nsh\n"))
  }

  @Test func faultyFiles() async throws {
    #expect(await complaint(.file(folder.file("none")))?.contains("cannot be read") == true)
    #expect(await complaint(try file([]))?.contains("is empty") == true)
    #expect(await complaint(try file([0x0A]))?.contains("is empty") == true)
    #expect(await complaint(try file([0xFF, 0xFE]))?.contains("is not UTF-8") == true)
  }

  @Test func programs() async throws {
    #expect(try await resolver.value(of: .command(["printf", "hush\n"])) == Secret("hush"))
    #expect(await complaint(.command([])) == "exec names no program")
    #expect(await complaint(.command(["true"]))?.contains("is empty") == true)
  }

  @Test func whatAProgramSaysOrIsToldStaysOutOfTheComplaint() async {
    let text = await complaint(.command(["sh", "-c", "echo hush; exit 3", "verysecret"]))
    #expect(text == "sh ended with exit code 3")
  }

  /// A volume of Kubernetes is replaced by turning a link: `password` leads to `..data/password`, and `..data` to a folder.
  @Test func aMountThatIsTurnedIsSeen() async throws {
    for value in ["old", "new"] {
      try FileManager.default.createDirectory(atPath: folder.file(value), withIntermediateDirectories: true)
      try folder.write("\(value)\n", to: "\(value)/password")
    }
    func turn(to value: String) throws {
      try FileManager.default.createSymbolicLink(atPath: folder.file("turning"), withDestinationPath: value)
      #expect(rename(folder.file("turning"), folder.file("..data")) == 0)
    }
    try turn(to: "old")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("password"), withDestinationPath: "..data/password")
    #expect(try await resolver.value(of: .file(folder.file("password"))) == Secret("old"))
    try turn(to: "new")
    #expect(try await resolver.value(of: .file(folder.file("password"))) == Secret("new"))
  }

  @Test func readAheadForWhoeverCannotWait() async throws {
    let values = await resolver.values(of: [.environment("TOKEN"), .environment("NONE")])
    #expect(try values.value(of: .environment("TOKEN")) == Secret("hush"))
    #expect(throws: SecretResolver.Failure(description: "the environment variable NONE is not set")) {
      try values.value(of: .environment("NONE"))
    }
    #expect(throws: SecretResolver.Failure.self) { try values.value(of: .environment("EMPTY")) }
  }

  @Test func digestsTellSecretsApartAndDependOnTheKey() {
    let digester = SecretDigester(key: Array(1...32))
    #expect(digester.digest(Secret("a")) == digester.digest(Secret("a")))
    #expect(digester.digest(Secret("a")) != digester.digest(Secret("b")))
    #expect(digester.digest(Secret("a")) != SecretDigester(key: Array(2...33)).digest(Secret("a")))
    #expect(digester.digest(Secret("a")).count == 64)
  }
}
