import Reconciliation
import Testing

@testable import Manifests

@Suite struct SourceSlicesTests {
  private static let user = "apiVersion: rollcall/v1\nkind: User\nmetadata: {name: NAME}\nspec: {userName: NAME}\n"

  /// Enough documents that the file would be cut.
  private static func documents() -> [String] {
    (0..<4000).map { user.replacing("NAME", with: "u\($0)") }
  }

  @Test func aDirectiveStaysWithItsDocument() {
    let text = Self.documents().joined(separator: "...\n%YAML 1.2\n---\n")
    let compilation = ManifestCompiler().compile([ManifestSource(path: "a.yaml", bytes: Array(text.utf8))])
    #expect(compilation.diagnostics.isEmpty)
    #expect(compilation.documents == 4000)
  }

  @Test func theSizeOfAFileIsBoundedWhole() {
    let bytes = Array(Self.documents().joined(separator: "---\n").utf8)
    var compiler = ManifestCompiler()
    compiler.limits.maxBytes = bytes.count - 1
    let compilation = compiler.compile([ManifestSource(path: "a.yaml", bytes: bytes)])
    #expect(compilation.diagnostics.map(\.code) == [DiagnosticCode.beyondLimits.rawValue])
  }

  @Test func wideEncodingsAreToldOnce() {
    let bytes = [0xFF, 0xFE] + Array(Self.documents().joined(separator: "---\n").utf8)
    let compilation = ManifestCompiler().compile([ManifestSource(path: "a.yaml", bytes: bytes)])
    #expect(compilation.diagnostics.count == 1)
    #expect(compilation.desiredState.resources.isEmpty)
  }
}
