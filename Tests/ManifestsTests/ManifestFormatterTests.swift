import Foundation
import JSON
import Manifests
import Reconciliation
import SeededRandom
import Testing

@Suite struct ManifestFormatterTests {
  static func formatted(_ text: String) -> String? {
    guard case .formatted(let bytes) = ManifestFormatter.format(ManifestSource(path: "x.yaml", bytes: Array(text.utf8)))
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: LayoutCases.all)
  func layoutIsCanonical(example: LayoutCase) {
    #expect(Self.formatted(example.written) == example.canonical)
    #expect(Self.formatted(example.canonical) == example.canonical)
  }

  @Test func aFaultyFileIsADiagnosticWithItsPlace() {
    let source = ManifestSource(path: "x.yaml", bytes: Array("a: 1\nb: [\n---\n".utf8))
    guard case .faulty(let diagnostics) = ManifestFormatter.format(source) else {
      Issue.record("a list that is not closed was formatted")
      return
    }
    #expect(diagnostics.map(\.code) == [DiagnosticCode.syntax.rawValue])
    #expect(diagnostics.map(\.location.line) == [3])
  }

  @Test func aFileThatIsNotThereIsADiagnostic() {
    guard case .faulty(let diagnostics) = ManifestFormatter.format(ManifestSource(path: "/nowhere/x.yaml")) else {
      Issue.record("a file that is not there was formatted")
      return
    }
    #expect(diagnostics.map(\.code) == [DiagnosticCode.unreadable.rawValue])
  }

  @Test(arguments: RepositoryManifests.sources)
  func theRepositorysOwnFilesAreCanonical(source: ManifestSource) throws {
    guard case .formatted(let bytes) = ManifestFormatter.format(source) else {
      Issue.record("\(source.path) cannot be formatted")
      return
    }
    #expect(try bytes == source.bytes(), "rollcall fmt would change \(source.path)")
  }
}

/// A file as somebody wrote it, and in the canonical layout.
struct LayoutCase: CustomTestStringConvertible {
  var testDescription: String
  var written: String
  var canonical: String

  init(_ name: String, _ written: String, _ canonical: String) {
    testDescription = name
    self.written = written
    self.canonical = canonical
  }

  init(unchanged name: String, _ text: String) { self.init(name, text, text) }
}
