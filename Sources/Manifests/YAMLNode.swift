/// A node of a YAML document with the place where it stands. Scalars stay text: the schema decides what they mean.
package struct YAMLNode: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    /// `isPlain` is false for quoted and block scalars, which are never null, boolean or number.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([YAMLEntry])
  }

  package var content: Content
  package var mark: YAMLMark

  package init(_ content: Content, at mark: YAMLMark) {
    self.content = content
    self.mark = mark
  }
}

/// One `key: value` of a mapping. Keys are scalars; duplicates have been refused.
package struct YAMLEntry: Hashable, Sendable {
  package var key: String
  package var keyMark: YAMLMark
  package var value: YAMLNode

  package init(key: String, keyMark: YAMLMark, value: YAMLNode) {
    self.key = key
    self.keyMark = keyMark
    self.value = value
  }
}

/// Where a node begins in its file, and how long its text is on that line; line and column count from 1.
package struct YAMLMark: Hashable, Sendable {
  /// No file that is read has as many lines as fit below these bits.
  private static let originShift: UInt32 = 26

  /// The line, and above it the origin: a manifest may have a million marks.
  private var place: UInt32
  package var column: UInt16
  /// In columns; 1 for collections and for scalars of more than one line.
  package var length: UInt16

  package var line: UInt32 { place & (1 << Self.originShift - 1) }
  /// Which file it is a place of: 0 for that of the document, else an overlay (see ``OverlayStack``).
  var origin: Int { Int(place >> Self.originShift) }

  package init(line: Int, column: Int, length: Int = 1) {
    place = min(UInt32(clamping: line), 1 << Self.originShift - 1)
    self.column = UInt16(clamping: column)
    self.length = UInt16(clamping: max(length, 1))
  }

  /// The same place of another file.
  func moved(to origin: Int) -> YAMLMark {
    var mark = self
    mark.place = line | UInt32(origin) << Self.originShift
    return mark
  }
}

extension YAMLNode {
  package var entries: [YAMLEntry]? { if case .mapping(let entries) = content { entries } else { nil } }
  package var items: [YAMLNode]? { if case .sequence(let items) = content { items } else { nil } }
  package var text: String? { if case .scalar(let text, _) = content { text } else { nil } }
  package subscript(key: String) -> YAMLNode? { entries?.first { $0.key == key }?.value }

  /// YAML 1.2 core schema null: `null`, `Null`, `NULL`, `~` or nothing, unquoted.
  package var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return ["", "null", "~", "Null", "NULL"].contains(text)
  }
}
