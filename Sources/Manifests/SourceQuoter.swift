import Reconciliation

/// Gives diagnostics the source lines that they point at, with everything confidential blotted out.
struct SourceQuoter {
  private static let blot = "•••"

  private let sources: [String: ManifestSource]
  private let fingerprints: [String: Fingerprint]
  private let confidential: [String: [Int: [Confidential]]]

  /// - Parameter fingerprints: of the files as they were compiled: the places mean nothing in another text, and a secret
  ///   may stand at any of them.
  init(sources: [ManifestSource], fingerprints: [String: Fingerprint], confidential: [Confidential]) {
    self.sources = Dictionary(sources.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    self.fingerprints = fingerprints
    self.confidential = Dictionary(grouping: confidential, by: \.location.file)
      .mapValues { Dictionary(grouping: $0, by: \.location.line) }
  }

  func quoting(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    var texts: [String: [Int: String]] = [:]
    for (file, faults) in Dictionary(grouping: diagnostics, by: \.location.file) {
      texts[file] = lines(Set(faults.map(\.location.line)), of: file)
    }
    return diagnostics.map { quoting($0, line: texts[$0.location.file]?[$0.location.line]) }
  }

  private func quoting(_ diagnostic: Diagnostic, line: String?) -> Diagnostic {
    let secrets = confidential[diagnostic.location.file]?[diagnostic.location.line] ?? []
    var diagnostic = diagnostic
    if secrets.contains(where: { $0.location == diagnostic.location }) { diagnostic.length = Self.blot.count }
    diagnostic.sourceLine = line.flatMap { quotable($0, for: diagnostic, secrets) }
    return diagnostic
  }

  private func lines(_ numbers: Set<Int>, of file: String) -> [Int: String] {
    guard let bytes = try? sources[file]?.bytes(), Fingerprint(of: bytes) == fingerprints[file] else { return [:] }
    return bytes.withUnsafeBufferPointer { SourceLines(bytes: $0).texts(of: numbers) }
  }

  /// The line as it may be shown; nil when it may not. In a document that could not be read nobody knows which of
  /// the text is a secret, so a line that speaks of one stays away.
  private func quotable(_ line: String, for diagnostic: Diagnostic, _ secrets: [Confidential]) -> String? {
    let unread: [DiagnosticCode] = [.syntax, .duplicateKey, .beyondLimits]
    if unread.map(\.rawValue).contains(diagnostic.code), FileScope.soundsSecret(line) { return nil }
    // A blot is as long for every secret, so a caret after one would point at the wrong column.
    guard secrets.allSatisfy({ $0.location >= diagnostic.location }) else { return nil }
    return secrets.sorted { $0.location > $1.location }.reduce(line, blotted)
  }

  private func blotted(_ line: String, _ secret: Confidential) -> String {
    let scalars = Array(line.unicodeScalars)
    let start = min(secret.location.column - 1, scalars.count)
    let end = secret.length > 1 ? min(start + secret.length, scalars.count) : scalars.count
    var result = String.UnicodeScalarView(scalars[..<start])
    result.append(contentsOf: Self.blot.unicodeScalars)
    result.append(contentsOf: scalars[end...])
    return String(result)
  }
}

extension [Diagnostic] {
  /// Each once, of those in order: what is wrong with a patch is wrong with each document that it is laid over.
  var withoutRepetition: [Diagnostic] {
    reduce(into: []) { kept, diagnostic in if kept.last != diagnostic { kept.append(diagnostic) } }
  }

  /// In the order of their places, errors before warnings at the same place.
  func inOrder() -> [Diagnostic] {
    sorted { ($0.location, $0.severity, $0.code, $0.message) < ($1.location, $1.severity, $1.code, $1.message) }
  }
}
