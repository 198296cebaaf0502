/// A document as its author wrote it: nodes with their style, and the comments and blank lines between them. Nothing is
/// expanded or typed here; what the text means is the business of ``YAMLReader``.
struct SyntaxDocument {
  /// The lines of `%YAML` and `%TAG` before it.
  var directives: [String] = []
  /// What stands behind its `---`.
  var markComment: SyntaxComment?
  /// nil when nothing but comments stands in the document.
  var root: SyntaxNode?
  /// The comments before the root, where it is no collection of lines of its own, and those of a document without root.
  var leading: [SyntaxComment] = []
  /// The comments after the root that belong to no collection in it.
  var trailing: [SyntaxComment] = []
}

/// A comment, from its `#` to the end of its line.
struct SyntaxComment: Hashable {
  var text: String
  /// Counted from 0.
  var column: Int
  /// Whether nothing stands before it on its line.
  var isOwnLine: Bool
  /// Whether a blank line stands before it.
  var isAfterBlank: Bool
  /// The comments right below one that stands behind other text, in the same column: it goes on in them.
  var continuation: [String] = []

  var texts: [String] { [text] + continuation }
}

struct SyntaxNode {
  indirect enum Content {
    case scalar(SyntaxScalar)
    case alias(String)
    case collection(SyntaxCollection)
  }

  /// Anchor and tag, as written and in that order.
  var properties: [String] = []
  var content: Content
  /// The characters of the file that it takes, properties not counted; those of a block collection end with its last item.
  var range: Range<Int>
}

/// A scalar by its lines: those of a block without their indentation, those of other styles without the space around them.
struct SyntaxScalar {
  /// What it says.
  var text: String
  var isPlain: Bool
  /// The first of a block is its header.
  var lines: [String]
  var isBlock: Bool

  /// Whether nothing was written.
  var isNothing: Bool { isPlain && lines == [""] }
}

struct SyntaxCollection {
  var isMapping: Bool
  /// In brackets or braces.
  var isFlow: Bool
  /// Where its items begin; counted from 0.
  var column: Int
  var items: [SyntaxItem] = []
  /// What stands behind its first bracket, or behind its anchor.
  var headComment: SyntaxComment?
  /// The comments after its last item.
  var trailing: [SyntaxComment] = []
}

/// An entry of a mapping, or an item of a sequence.
struct SyntaxItem {
  /// The comments on the lines before it.
  var leading: [SyntaxComment]
  /// Whether a blank line stands before it, or between it and the comments before it.
  var isAfterBlank: Bool
  /// Where its key or its `-` stands; counted from 0.
  var column: Int
  /// nil in a sequence.
  var key: SyntaxNode?
  /// What stands behind its `key:` or `-`, when the value begins on a later line.
  var markComment: SyntaxComment?
  /// The comments below `key:` or `-` that stand there instead of a value.
  var inner: [SyntaxComment] = []
  var value: SyntaxNode
  /// What stands behind its last line.
  var endComment: SyntaxComment?
  /// The characters of the file that it takes, from its key or `-` to the end of its value, comments not counted.
  var range: Range<Int>
}

extension SyntaxNode {
  var scalar: SyntaxScalar? { if case .scalar(let scalar) = content { scalar } else { nil } }
  var collection: SyntaxCollection? { if case .collection(let collection) = content { collection } else { nil } }

  /// A collection of lines of its own.
  var isBlockCollection: Bool { collection.map { !$0.isFlow } ?? false }

  /// Nothing was written, neither a value nor an anchor.
  var isNothing: Bool { properties.isEmpty && scalar?.isNothing == true }

  /// Whether an anchor or an alias stands anywhere in it: then its place among others matters.
  var isTied: Bool {
    if case .alias = content { return true }
    if properties.contains(where: { $0.hasPrefix("&") }) { return true }
    return collection?.items.contains { $0.key?.isTied == true || $0.value.isTied } ?? false
  }
}
