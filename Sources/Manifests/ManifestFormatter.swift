import Reconciliation

/// Brings manifest files into the canonical layout. What a file means is never changed, and no comment is lost: both are
/// checked for every file before its new text is given out.
package enum ManifestFormatter {
  package enum Result: Sendable {
    /// The canonical bytes, which may be those of the file.
    case formatted([UInt8])
    /// Why the file cannot be read.
    case faulty([Diagnostic])
    /// The file can be read, and yet no layout was found that says the same.
    case unsupported
  }

  package static func format(_ source: ManifestSource, limits: YAMLReader.Limits = .standard) -> Result {
    let bytes: [UInt8]
    do {
      bytes = try source.bytes()
    } catch {
      return .faulty([.unreadable(source.path, "the file cannot be read: \(error.reason)")])
    }
    let faults = YAMLFaults(of: bytes, in: source, limits: limits).diagnostics
    return faults.isEmpty ? format(bytes, limits: limits) : .faulty(faults)
  }

  private static func format(_ bytes: [UInt8], limits: YAMLReader.Limits) -> Result {
    guard let file = try? SyntaxReader.file(bytes) else { return .unsupported }
    let formatted = Array(LayoutWriter.text(of: file.documents.map(\.inCanonicalOrder)).utf8)
    if formatted == bytes { return .formatted(bytes) }
    guard let after = try? SyntaxReader.file(formatted), after.comments.sorted() == file.comments.sorted(),
      let meaning = meaning(of: bytes, limits: limits), meaning == Self.meaning(of: formatted, limits: limits)
    else { return .unsupported }
    return .formatted(formatted)
  }

  /// What the documents of a file say, wherever it stands; nil when it cannot be read.
  private static func meaning(of bytes: [UInt8], limits: YAMLReader.Limits) -> [YAMLMeaning]? {
    var reader = YAMLReader(bytes, limits: limits)
    var documents: [YAMLMeaning] = []
    do throws(YAMLError) {
      while let document = try reader.next() {
        if let root = document.root { documents.append(YAMLMeaning(root)) }
      }
    } catch {
      return nil
    }
    return documents
  }
}

/// What a node says, without its place and without the order of its keys.
private indirect enum YAMLMeaning: Hashable {
  case scalar(String, isPlain: Bool)
  case sequence([YAMLMeaning])
  case mapping([String: YAMLMeaning])

  init(_ node: YAMLNode) {
    switch node.content {
    case .scalar(let text, let isPlain): self = .scalar(text, isPlain: isPlain)
    case .sequence(let items): self = .sequence(items.map(YAMLMeaning.init))
    case .mapping(let entries):
      self = .mapping(
        Dictionary(entries.map { ($0.key, YAMLMeaning($0.value)) }, uniquingKeysWith: { first, _ in first }))
    }
  }
}

/// The faults of a file as YAML, whatever its documents say.
struct YAMLFaults {
  let diagnostics: [Diagnostic]

  init(of bytes: [UInt8], in source: ManifestSource, limits: YAMLReader.Limits) {
    let scope = FileScope(FilePart(path: source.path))
    var reader = YAMLReader(bytes, limits: limits)
    while true {
      do throws(YAMLError) {
        guard try reader.next() != nil else { break }
      } catch {
        scope.report(error)
      }
    }
    let quoter = SourceQuoter(
      sources: [ManifestSource(path: source.path, bytes: bytes)], fingerprints: [source.path: Fingerprint(of: bytes)],
      confidential: [])
    diagnostics = quoter.quoting(scope.diagnostics.inOrder())
  }
}
