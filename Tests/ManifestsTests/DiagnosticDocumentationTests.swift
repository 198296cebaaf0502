import Foundation
import Reconciliation
import Testing

@testable import Manifests

/// The table that users look codes up in says what the code says.
@Test func everyDiagnosticCodeIsDocumented() throws {
  let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
  let article = try String(
    contentsOf: root.appending(path: "Sources/rollcall/Documentation.docc/Diagnostics.md"), encoding: .utf8)
  let rows = article.split(separator: "\n").filter { $0.hasPrefix("| M") }.map(String.init)
  let expected = DiagnosticCode.allCases.map { "| \($0.rawValue) | \($0.severity.rawValue) | \($0.title) |" }
  #expect(rows == expected)
}
