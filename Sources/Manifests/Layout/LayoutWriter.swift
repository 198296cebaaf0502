/// Writes documents in the canonical layout: two columns of indentation, lists indented below their key, one space where
/// space is needed, at most one blank line, `---` between documents. Comments keep the column they stand at behind their
/// line as far as there is room; what stands in brackets stays there while it fits the line.
struct LayoutWriter {
  /// The longest line that a list in brackets may take, in columns.
  static let width = 120
  /// The longest key that needs no `?` (YAML 1.2 section 7.4.2 allows 1024 characters).
  private static let keyLimit = 1000

  var lines: [String] = []
  /// The line that is being written.
  var line = ""

  static func text(of documents: [SyntaxDocument]) -> String {
    var writer = LayoutWriter()
    for (index, document) in documents.withoutEmptyOnes.enumerated() { writer.write(document, isFirst: index == 0) }
    return writer.lines.map { $0 + "\n" }.joined()
  }

  private mutating func write(_ document: SyntaxDocument, isFirst: Bool) {
    if !document.directives.isEmpty {
      lines += (isFirst ? [] : ["..."]) + document.directives
    }
    if !isFirst || !document.directives.isEmpty {
      line = "---"
      endLine(document.markComment, movedBy: 0)
    } else if let comment = document.markComment {
      lines += comment.texts
    }
    write(document.leading, indent: 0, isFirst: true)
    if let root = document.root { writeRoot(root) }
    write(document.trailing, indent: 0, isFirst: document.root == nil && document.leading.isEmpty)
  }

  private mutating func writeRoot(_ root: SyntaxNode) {
    guard let collection = root.collection, root.inline(within: Self.width) == nil else {
      return writeScalarOrInline(root, indent: 0)
    }
    line = root.properties.joined(separator: " ")
    if line.isEmpty {
      lines += collection.headComment?.texts ?? []
    } else {
      endLine(collection.headComment, movedBy: 0)
    }
    write(collection, indent: 0)
  }

  // MARK: Lines

  mutating func endLine() {
    lines.append(line)
    line = ""
  }

  /// Ends the line with a comment, where it stood before but for what the line has moved.
  mutating func endLine(_ comment: SyntaxComment?, movedBy distance: Int) {
    guard let comment else { return endLine() }
    let width = line.unicodeScalars.count
    let column = max(width + 2, comment.isOwnLine ? 0 : comment.column + distance)
    line += Self.margin(column - width) + comment.text
    endLine()
    lines += comment.continuation.map { Self.margin(column) + $0 }
  }

  /// Comments on lines of their own.
  mutating func write(_ comments: [SyntaxComment], indent: Int, isFirst: Bool) {
    for (index, comment) in comments.enumerated() {
      if comment.isAfterBlank, !(isFirst && index == 0) { lines.append("") }
      lines += comment.texts.map { Self.margin(indent) + $0 }
    }
  }

  static func margin(_ columns: Int) -> String { String(repeating: " ", count: columns) }

  /// Whether a key can stand before its `:` without `?`.
  static func isShort(_ key: SyntaxNode) -> Bool {
    !key.isNothing && key.inline(within: .max).map { $0.unicodeScalars.count <= keyLimit } ?? false
  }
}

extension [SyntaxDocument] {
  /// A document of nothing but comments says nothing: its comments go to the document after it, or else before it.
  fileprivate var withoutEmptyOnes: [SyntaxDocument] {
    var result: [SyntaxDocument] = []
    var carried: [SyntaxComment] = []
    for var document in self {
      guard document.root != nil else {
        carried += (document.markComment.map { [$0] } ?? []) + document.leading + document.trailing
        continue
      }
      document.prepend(carried)
      carried = []
      result.append(document)
    }
    guard !carried.isEmpty else { return result }
    if result.isEmpty { result = [SyntaxDocument()] }
    result[result.count - 1].append(carried)
    return result
  }
}

extension SyntaxDocument {
  /// Puts comments before all else in the document.
  fileprivate mutating func prepend(_ comments: [SyntaxComment]) {
    guard !comments.isEmpty else { return }
    guard var collection = root?.collection, !collection.isFlow, !collection.items.isEmpty,
      root?.properties.isEmpty == true
    else {
      leading = comments + leading
      return
    }
    collection.items[0].leading = comments + collection.items[0].leading
    root?.content = .collection(collection)
  }

  /// Puts comments after all else in the document.
  fileprivate mutating func append(_ comments: [SyntaxComment]) { trailing += comments }
}
