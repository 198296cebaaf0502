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

  private func complaint(_ reference: SecretReference) -> String? {
    #expect(throws: SecretResolver.Failure.self) { try resolver.resolve(reference) }?.description
  }

  @Test func environment() throws {
    #expect(try resolver.resolve(.environment("TOKEN")) == Secret("hush"))
    #expect(complaint(.environment("NONE")) == "the environment variable NONE is not set")
    #expect(complaint(.environment("EMPTY")) == "the environment variable EMPTY is empty")
  }

  @Test(arguments: ["hush", "hush\n", "hush\r\n"])
  func aFilesLastLineEndIsNotPartOfIt(text: String) throws {
    #expect(try resolver.resolve(try file(Array(text.utf8))) == Secret("hush"))
  }

  @Test func onlyOneLineEndGoes() throws {
    #expect(try resolver.resolve(try file(Array("hu\nsh\n\n".utf8))) == Secret("hu\nsh\n"))
  }

  @Test func faultyFiles() throws {
    #expect(complaint(.file(folder.file("none")))?.contains("cannot be read") == true)
    #expect(complaint(try file([]))?.contains("is empty") == true)
    #expect(complaint(try file([0x0A]))?.contains("is empty") == true)
    #expect(complaint(try file([0xFF, 0xFE]))?.contains("is not UTF-8") == true)
  }

  @Test func programs() async throws {
    #expect(try resolver.resolve(.command(["printf", "hush\n"])) == Secret("hush"))
    #expect(try await resolver.value(of: .command(["printf", "hush"])) == Secret("hush"))
    #expect(complaint(.command([])) == "exec names no program")
    #expect(complaint(.command(["true"]))?.contains("is empty") == true)
  }

  @Test func whatAProgramSaysOrIsToldStaysOutOfTheComplaint() {
    let text = complaint(.command(["sh", "-c", "echo hush; exit 3", "verysecret"]))
    #expect(text == "sh ended with exit code 3")
  }

  @Test func digestsTellSecretsApartAndDependOnTheKey() {
    let digester = SecretDigester(key: Array(1...32))
    #expect(digester.digest(Secret("a")) == digester.digest(Secret("a")))
    #expect(digester.digest(Secret("a")) != digester.digest(Secret("b")))
    #expect(digester.digest(Secret("a")) != SecretDigester(key: Array(2...33)).digest(Secret("a")))
    #expect(digester.digest(Secret("a")).count == 64)
  }
}
