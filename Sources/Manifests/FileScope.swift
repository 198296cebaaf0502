import Reconciliation

/// What the readers of one file share: its name, and the place where they leave the faults they find.
///
/// A class, because a dozen small readers add to it; it never leaves the task that reads the file.
final class FileScope {
  let part: FilePart
  private(set) var diagnostics: [Diagnostic] = []
  /// Where values stand that no diagnostic may quote.
  private(set) var confidential: [Confidential] = []
  private var faultyPlaces: Set<SourceLocation> = []

  init(_ part: FilePart) { self.part = part }

  func location(_ mark: YAMLMark) -> SourceLocation { part.location(mark) }

  /// Notes a fault, but only the first at each place: what follows from a fault is not a second one.
  func report(
    _ code: DiagnosticCode, _ message: String, at mark: YAMLMark, hint: String? = nil, notes: [Diagnostic.Note] = []
  ) {
    let location = location(mark)
    guard faultyPlaces.insert(location).inserted else { return }
    diagnostics.append(
      Diagnostic(
        code.severity, code.rawValue, message, at: location, length: Int(mark.length), hint: hint, notes: notes))
  }

  /// Keeps every scalar of a node out of the source lines that diagnostics quote.
  func conceal(_ node: YAMLNode) {
    switch node.content {
    case .scalar: confidential.append(Confidential(location(node.mark), length: Int(node.mark.length)))
    case .sequence(let items): items.forEach(conceal)
    case .mapping(let entries): entries.forEach { conceal($0.value) }
    }
  }

  /// Keeps what looks like a secret by its key out of quoted lines, in a part of a document that no schema explains.
  func concealSuspects(in node: YAMLNode) {
    switch node.content {
    case .scalar: break
    case .sequence(let items): items.forEach(concealSuspects)
    case .mapping(let entries):
      for entry in entries {
        if Self.soundsSecret(entry.key) { conceal(entry.value) } else { concealSuspects(in: entry.value) }
      }
    }
  }

  /// Whether a key, or a line of a file that is not even YAML, speaks of secrets.
  static func soundsSecret(_ text: String) -> Bool {
    let text = text.lowercased()
    return ["password", "passwd", "secret", "token", "literal", "privatekey", "credential"].contains {
      text.contains($0)
    }
  }
}

/// A value that no quoted line may show.
struct Confidential: Hashable, Sendable {
  var location: SourceLocation
  /// In columns; 1 stands for all that follows on the line.
  var length: Int

  init(_ location: SourceLocation, length: Int) {
    self.location = location
    self.length = length
  }
}

/// A file, or a part of one that is read by itself.
struct FilePart: Hashable, Sendable {
  var path: String
  /// How many lines of the file stand before this part.
  var linesBefore = 0
  /// The files of the overlays that lie over it, by the origin of their marks from 1 on.
  var overlays: [String] = []

  func location(_ mark: YAMLMark) -> SourceLocation {
    let isOwn = mark.origin == 0
    return SourceLocation(
      file: file(of: mark), line: Int(mark.line) + (isOwn ? linesBefore : 0), column: Int(mark.column))
  }

  private func file(of mark: YAMLMark) -> String {
    overlays.indices.contains(mark.origin - 1) ? overlays[mark.origin - 1] : path
  }

  /// The path of a file that is named at a place: from the folder of the manifest or overlay that names it, wherever the
  /// program was started.
  func path(of file: String, at mark: YAMLMark) -> String {
    let path = self.file(of: mark)
    guard !file.hasPrefix("/"), let end = path.lastIndex(of: "/") else { return file }
    return path[...end] + file
  }
}
