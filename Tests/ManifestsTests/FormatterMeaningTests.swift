import Foundation
import JSON
import Manifests
import Reconciliation
import SeededRandom
import Testing

/// What manifests ask for is the same before and after they are formatted.
@Suite struct FormatterMeaningTests {
  /// More indentation, space at the ends of lines, more blank lines, a list beside its key: all of it is taken back.
  @Test(arguments: RepositoryManifests.sources)
  func anUntidyFileBecomesTheTidyOne(source: ManifestSource) throws {
    let text = try String(decoding: source.bytes(), as: UTF8.self)
    let untidy = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      if line.isEmpty { return "\n\n" }
      return (line.first == " " ? "   " : "") + line + "  "
    }.joined(separator: "\n")
    #expect(ManifestFormatterTests.formatted(untidy) == text)
    #expect(Self.asked(untidy).difference(from: Self.asked(text)).isEmpty)
  }

  @Test func theContractsExamplesAskForTheSame() throws {
    let formatted = try #require(ManifestFormatterTests.formatted(ContractExamples.text))
    #expect(Self.asked(formatted).difference(from: Self.asked(ContractExamples.text)).isEmpty)
    #expect(Self.asked(formatted).count > 100)
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func generatedDocumentsAskForTheSame(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var yaml = YAMLWriter()
    for number in 0..<4 {
      yaml.append([
        "spec": [
          "userName": .string("u\(number)"), "displayName": .string(Self.text(using: &generator)),
          "emails": [["value": .string(Self.text(using: &generator)), "type": "work"]], "active": true,
        ],
        "kind": "User", "apiVersion": "rollcall/v1",
        "metadata": ["labels": ["team": .string(Self.text(using: &generator))], "name": .string("u\(number)")],
      ])
    }
    let formatted = try #require(ManifestFormatterTests.formatted(yaml.text))
    #expect(formatted.hasPrefix("apiVersion: rollcall/v1\nkind: User\nmetadata:\n  name: u0\n"))
    #expect(Self.asked(formatted).difference(from: Self.asked(yaml.text)).isEmpty)
  }

  private static func text(using generator: inout SplitMix64) -> String {
    let pieces = [
      "a", "no", " ", "\n", "#", ": ", "é", "\"", "'", "1", "- ", "\\", "x y", "{", "]", ",", "\n  ", "\n\n",
    ]
    return (0..<Int.random(in: 1...8, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }
      .joined()
  }

  /// The desired state, a line for every value in it, in an order that does not depend on places in the file.
  private static func asked(_ text: String) -> [String] {
    var lines = ""
    let compilation = ManifestCompiler(variables: ["IS1_URL": "https://a.example", "IS2_URL": "https://b.example"])
      .compile([ManifestSource(path: "x.yaml", bytes: Array(text.utf8))])
    dump(compilation.desiredState.resources, to: &lines)
    dump(compilation.desiredState.endpoints, to: &lines)
    // The elements of a set have lines of their own.
    let varying = ["line: ", "column: ", "x.yaml:", "Optional(Set("]
    return lines.split(separator: "\n").filter { line in !varying.contains { line.contains($0) } }
      .map(String.init).sorted()
  }
}
