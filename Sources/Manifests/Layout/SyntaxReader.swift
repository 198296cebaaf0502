/// Reads a file as it is written, by libyaml's events: these say where nodes stand and how they are styled, and the text in
/// between holds the comments.
///
/// The file must be one that ``YAMLReader`` takes: its bounds are not looked after here.
struct SyntaxReader: ~Copyable {
  let text: SyntaxText
  var events: YAMLEvents
  /// Up to where the comments have been collected.
  var cursor = 0
  /// The comments since the last node, not yet given to anybody.
  var pending: [SyntaxComment] = []
  /// Whether a blank line stands after them.
  var isAfterBlank = false
  /// Every comment met, for a comparison with what was written.
  private(set) var comments: [String] = []
  /// The column of the block collection around the current node; -1 when there is none.
  var blockColumn = -1

  private init(_ text: SyntaxText, _ bytes: UnsafeBufferPointer<UInt8>) {
    self.text = text
    events = YAMLEvents(bytes)
  }

  /// What a file holds.
  struct File {
    var text: SyntaxText
    var documents: [SyntaxDocument]
    /// The texts of all comments, in their order.
    var comments: [String]
  }

  static func file(_ bytes: [UInt8]) throws(YAMLFault) -> File {
    let text = SyntaxText(bytes)
    let result = bytes.withUnsafeBufferPointer { bytes -> Result<File, YAMLFault> in
      var reader = SyntaxReader(text, bytes)
      do throws(YAMLFault) {
        let documents = try reader.documents()
        return .success(File(text: text, documents: documents, comments: reader.comments))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private mutating func documents() throws(YAMLFault) -> [SyntaxDocument] {
    var documents: [SyntaxDocument] = []
    while true {
      switch try events.advance() {
      case .documentStart: documents.append(try document())
      case .streamEnd:
        collect(upTo: text.count)
        keepRest(in: &documents)
        return documents
      default: continue
      }
    }
  }

  /// What stands after the end of the last document.
  private mutating func keepRest(in documents: inout [SyntaxDocument]) {
    guard !pending.isEmpty else { return }
    if documents.isEmpty { documents.append(SyntaxDocument()) }
    documents[documents.count - 1].trailing += take()
  }

  private mutating func document() throws(YAMLFault) -> SyntaxDocument {
    var document = SyntaxDocument()
    let mark = events.range
    collect(upTo: mark.lowerBound)
    document.directives = directives(mark)
    cursor = mark.upperBound
    blockColumn = -1
    let before = pending.count
    let kind = try events.advance()
    collect(upTo: events.range.lowerBound)
    if pending.count > before, !pending[before].isOwnLine { document.markComment = pending.remove(at: before) }
    let node = try node(kind)
    if !node.isBlockCollection { document.leading = take() }
    document.root = node.isNothing ? nil : node
    _ = try events.advance()
    collect(upTo: events.range.lowerBound)
    document.trailing = take()
    cursor = max(cursor, events.range.upperBound)
    return document
  }

  /// The directives that stand before the `---` of a document.
  private func directives(_ mark: Range<Int>) -> [String] {
    guard mark.lowerBound < mark.upperBound, text.characters[mark.lowerBound] == "%" else { return [] }
    let lines = text.string(mark).split(whereSeparator: \.isNewline).map { $0.trimmingEnd() }
    return lines.dropLast().filter { !$0.isEmpty }
  }

  // MARK: Comments

  /// Takes in the comments between the last token and this place.
  mutating func collect(upTo end: Int) {
    guard end > cursor else { return }
    let gap = text.gap(cursor..<end)
    isAfterBlank = gap.endsWithBlank || (isAfterBlank && gap.comments.isEmpty)
    pending += gap.comments
    comments += gap.comments.flatMap(\.texts)
    cursor = end
  }

  /// The comments that nobody has taken yet.
  mutating func take() -> [SyntaxComment] {
    defer {
      pending = []
      isAfterBlank = false
    }
    return pending
  }

  /// The first of them, when it stands behind other text.
  mutating func takeEndOfLine() -> SyntaxComment? {
    guard let first = pending.first, !first.isOwnLine else { return nil }
    return pending.removeFirst()
  }

  /// Where the next token stands: comments that are indented deeper belong to what came before it.
  func column(ofNext index: Int) -> Int { text.endsDocument(at: index) ? -1 : text.column(of: index) }
}
