extension LayoutWriter {
  /// Writes the items of a collection, each on lines of its own.
  /// - Parameter continuesLine: the first item goes on where the line stands: `- key: value`.
  mutating func write(_ collection: SyntaxCollection, indent: Int, continuesLine: Bool = false) {
    for (index, item) in collection.items.enumerated() {
      if index > 0 || !continuesLine {
        let item = item.withCommentsInOrder
        write(item.leading, indent: indent, isFirst: index == 0)
        if item.isAfterBlank, index > 0 || !item.leading.isEmpty { lines.append("") }
        line = Self.margin(indent)
      }
      write(item.withCommentsInOrder, indent: indent)
    }
    write(collection.trailing, indent: indent, isFirst: false)
  }

  private mutating func write(_ item: SyntaxItem, indent: Int) {
    writeMark(of: item, indent: indent)
    let distance = indent - item.column
    let value = item.value
    let space = Self.width - line.unicodeScalars.count - 1
    if let text = value.inline(within: value.isFlowCollection ? space : .max) {
      if !text.isEmpty { line += " " + text }
      endLine(item.endComment ?? item.markComment, movedBy: distance)
      write(item.inner, indent: indent + 2, isFirst: true)
    } else if let collection = value.collection {
      writeProperties(of: value)
      let goesOn = item.key == nil && value.properties.isEmpty && item.markComment == nil && item.endComment == nil
      if goesOn, collection.items.first?.withCommentsInOrder.leading.isEmpty == true {
        line += " "
        write(collection, indent: indent + 2, continuesLine: true)
      } else {
        endLine(item.markComment ?? item.endComment, movedBy: distance)
        write(collection, indent: indent + 2)
      }
    } else if let scalar = value.scalar {
      writeProperties(of: value)
      line += " " + scalar.lines[0]
      writeRest(of: scalar, indent: indent + 2)
      endLine(item.endComment ?? item.markComment, movedBy: distance)
    }
  }

  /// `key:` or `-`.
  private mutating func writeMark(of item: SyntaxItem, indent: Int) {
    guard let key = item.key else { return line += "-" }
    if Self.isShort(key), let text = key.inline(within: .max) {
      line += key.needsSpaceBeforeColon ? text + " " : text
    } else if let scalar = key.scalar {
      line += "?"
      writeProperties(of: key)
      if !scalar.isNothing { line += " " + scalar.lines[0] }
      writeRest(of: scalar, indent: indent + 2)
      endLine()
      line = Self.margin(indent)
    }
    line += ":"
  }

  private mutating func writeProperties(of node: SyntaxNode) {
    for property in node.properties { line += " " + property }
  }

  /// The lines of a scalar after its first; the last one is not ended.
  private mutating func writeRest(of scalar: SyntaxScalar, indent: Int) {
    for text in scalar.lines.dropFirst() {
      endLine()
      line = text.isEmpty ? "" : Self.margin(indent) + text
    }
  }

  /// A root that is no collection of lines of its own.
  mutating func writeScalarOrInline(_ root: SyntaxNode, indent: Int) {
    if let text = root.inline(within: .max) {
      line = text
    } else if let scalar = root.scalar {
      line = (root.properties + [scalar.lines[0]]).joined(separator: " ")
      writeRest(of: scalar, indent: 2)
    }
    endLine()
  }
}

extension SyntaxItem {
  /// One line has room for one comment: of two, the first goes before the item.
  fileprivate var withCommentsInOrder: SyntaxItem {
    guard let mark = markComment, endComment != nil else { return self }
    var item = self
    item.markComment = nil
    var comment = mark
    comment.isAfterBlank = false
    item.leading.append(comment)
    return item
  }
}

extension SyntaxNode {
  var isFlowCollection: Bool { collection?.isFlow ?? false }

  /// A colon right behind it would be taken for a part of its name.
  fileprivate var needsSpaceBeforeColon: Bool {
    if case .alias = content { true } else { scalar?.isNothing == true }
  }

  /// The node on one line; nil when it needs several, for its style, its comments or its length in columns.
  func inline(within width: Int) -> String? {
    guard let text = inlineContent else { return nil }
    let all = (properties + (text.isEmpty ? [] : [text])).joined(separator: " ")
    return all.unicodeScalars.count <= width ? all : nil
  }

  private var inlineContent: String? {
    switch content {
    case .alias(let name): return "*" + name
    case .scalar(let scalar): return scalar.isBlock || scalar.lines.count > 1 ? nil : scalar.lines[0]
    case .collection(let collection):
      guard collection.isFlow, collection.trailing.isEmpty, collection.headComment == nil else { return nil }
      let items = collection.items.compactMap(\.inline)
      guard items.count == collection.items.count else { return nil }
      let list = items.joined(separator: ", ")
      return collection.isMapping ? "{\(list)}" : "[\(list)]"
    }
  }
}

extension SyntaxItem {
  /// The item in brackets; nil when it needs a line of its own.
  fileprivate var inline: String? {
    guard leading.isEmpty, inner.isEmpty, markComment == nil, endComment == nil,
      let value = value.inline(within: .max)
    else { return nil }
    guard let key else { return value }
    guard LayoutWriter.isShort(key), let text = key.inline(within: .max) else { return nil }
    return "\(text)\(key.needsSpaceBeforeColon ? " " : ""): \(value)"
  }
}
