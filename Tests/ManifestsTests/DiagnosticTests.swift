import Foundation
import Manifests
import Reconciliation
import Testing

@Suite struct DiagnosticTests {
  @Test(arguments: FaultCase.all) func pointsAtTheFault(_ fault: FaultCase) throws {
    let compilation = ManifestCompiler().compile([fault.manifest.source])
    let diagnostic = try #require(compilation.diagnostics.first { $0.code == fault.code.rawValue })
    #expect(compilation.diagnostics.count == 1, "\(compilation.diagnostics.map(\.message))")
    #expect(diagnostic.severity == fault.code.severity)
    #expect(compilation.isValid == (fault.code.severity != .error))

    let place = try #require(fault.manifest.fault)
    #expect(diagnostic.location == SourceLocation(file: "test.yaml", line: place.line, column: place.column))
    #expect(diagnostic.length == max(place.length, 1))
    if let hint = fault.hint { #expect(diagnostic.hint?.contains(hint) == true, "\(diagnostic.hint ?? "no hint")") }
    if let note = fault.manifest.note {
      #expect(
        diagnostic.notes.first?.location == SourceLocation(file: "test.yaml", line: note.line, column: note.column))
    }
  }

  /// Tests of folders and overlays show what no single text can; what is found out by asking stands in no text either.
  @Test func everyCodeIsShown() {
    let shown = Set(FaultCase.all.map(\.code)).union([
      .unreadable, .noManifests, .unmatchedPatch, .overlayCycle, .repeatedFile, .expiringCredential, .unheldByEndpoint,
      .unresolvableSecret, .suspendedEndpoint,
    ])
    #expect(Set(DiagnosticCode.allCases).subtracting(shown).isEmpty)
  }

  @Test func codesAreWellFormedAndExplained() {
    for code in DiagnosticCode.allCases {
      #expect(code.rawValue.wholeMatch(of: /M\d{3}/) != nil)
      #expect(!code.title.isEmpty)
    }
  }

  @Test func everyFaultOfEveryFileIsListedInOrder() {
    let faulty = "spec: {nickNam: x, active: maybe}\nkind: User\napiVersion: rollcall/v1\nmetadata: {name: a}\n"
    let sources = ["b.yaml", "a.yaml"].map { ManifestSource(path: $0, bytes: Array(faulty.utf8)) }
    let diagnostics = ManifestCompiler().compile(sources).diagnostics
    #expect(diagnostics.map(\.location) == diagnostics.map(\.location).sorted())
    let perFile = ["M024", "M020", "M021"]
    #expect(diagnostics.map(\.code) == perFile + perFile + ["M017"])
  }

  @Test func quotesTheSourceLine() {
    let manifest = MarkedManifest(user("a", "active: «no»"))
    let diagnostic = ManifestCompiler().compile([manifest.source]).diagnostics.first
    #expect(diagnostic?.sourceLine == "spec: {userName: a, active: no}")
  }

  @Test func linesCountAsLibyamlCountsThem() {
    let text = "# one\r\n# two\u{2028}# three\u{85}" + user("a", "active: no").replacing("\n", with: "\r\n")
    let diagnostic = ManifestCompiler().compile([ManifestSource(path: "x", bytes: Array(text.utf8))]).diagnostics.first
    #expect(diagnostic?.location.line == 7)
    #expect(diagnostic?.sourceLine == "spec: {userName: a, active: no}")
  }

  @Test func faultsFarDownInALargeFileKeepTheirLine() throws {
    let filler = (0..<4000).map { user("u\($0)") }.joined(separator: "---\n")
    let text = filler + "---\n" + user("last", "active: no")
    let diagnostic = try #require(
      ManifestCompiler().compile([ManifestSource(path: "x", bytes: Array(text.utf8))]).diagnostics.first)
    #expect(diagnostic.location.line == text.split(separator: "\n").count)
    #expect(diagnostic.sourceLine?.contains("userName: last") == true)
  }

  @Test func aLongCycleIsToldWhole() throws {
    let names = (0..<2000).map { "g\($0)" }
    let text = names.indices.map { group(names[$0], "members: {refs: [{group: \(names[($0 + 1) % names.count])}]}") }
      .joined(separator: "---\n")
    let compilation = ManifestCompiler().compile([ManifestSource(path: "x", bytes: Array(text.utf8))])
    #expect(compilation.diagnostics.map(\.code) == [DiagnosticCode.membershipCycle.rawValue])
    #expect(compilation.diagnostics.first?.notes.count == names.count - 1)
  }
}
