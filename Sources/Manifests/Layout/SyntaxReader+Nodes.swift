extension SyntaxReader {
  /// Reads the node whose first event is current; afterwards its last event is.
  mutating func node(_ kind: YAMLEvents.Kind) throws(YAMLFault) -> SyntaxNode {
    switch kind {
    case .alias:
      let range = events.range
      cursor = range.upperBound
      return SyntaxNode(content: .alias(events.anchor ?? ""), range: range)
    case .sequenceStart: return try collection(isMapping: false, isFlow: events.isFlowSequence)
    case .mappingStart: return try collection(isMapping: true, isFlow: events.isFlowMapping)
    default: return scalar()
    }
  }

  private mutating func scalar() -> SyntaxNode {
    let end = events.range.upperBound
    let properties = properties(from: events.range.lowerBound, to: end)
    // Behind a tag there may be nothing, and then a comment.
    let start = properties.isEmpty ? events.range.lowerBound : min(text.firstToken(in: cursor..<max(cursor, end)), end)
    collect(upTo: start)
    cursor = end
    guard events.isBlockScalar else {
      let scalar = SyntaxScalar(
        text: events.text, isPlain: events.isPlain, isDoubleQuoted: events.isDoubleQuoted,
        written: text.string(start..<end))
      return SyntaxNode(properties: properties, content: .scalar(scalar), range: start..<end)
    }
    let scalar = SyntaxScalar(
      block: text.string(start..<end), text: events.text, parentColumn: blockColumn, endsFile: end == text.count)
    // The blank lines after it are none of its own, unless it keeps them.
    cursor = self.end(ofLines: scalar.lines.count, in: start..<end)
    return SyntaxNode(properties: properties, content: .scalar(scalar), range: start..<cursor)
  }

  /// Where the first lines of a range end, so many of them, with the break of the last.
  private func end(ofLines count: Int, in range: Range<Int>) -> Int {
    var index = range.lowerBound
    for _ in 0..<count where index < range.upperBound {
      index = min(text.lineEnd(of: index), range.upperBound)
      guard index < range.upperBound else { break }
      let isPair = text.characters[index] == "\r" && index + 1 < range.upperBound && text.characters[index + 1] == "\n"
      index += isPair ? 2 : 1
    }
    return index
  }

  /// Anchor and tag, which stand before a node in any order; the cursor goes behind them.
  private mutating func properties(from start: Int, to end: Int) -> [String] {
    var found: [String] = []
    cursor = start
    while true {
      let next = text.firstToken(in: cursor..<max(cursor, end))
      guard next < end, text.characters[next] == "&" || text.characters[next] == "!" else { break }
      collect(upTo: next)
      cursor = text.propertyEnd(from: next, before: end)
      found.append(text.string(next..<cursor))
    }
    return found.sorted { $0.hasPrefix("&") && !$1.hasPrefix("&") }
  }

  private mutating func collection(isMapping: Bool, isFlow: Bool) throws(YAMLFault) -> SyntaxNode {
    let range = events.range
    let properties = properties(from: range.lowerBound, to: range.upperBound)
    if isFlow { cursor = range.upperBound }
    // `[key: value]` holds a mapping without braces.
    let hasBrackets = isFlow && text.isBracket(before: range.upperBound)
    let start = hasBrackets ? range.upperBound - 1 : cursor
    var collection = SyntaxCollection(isMapping: isMapping, isFlow: isFlow, column: -1)
    let outer = blockColumn
    var end = start
    while let item = try item(of: &collection) {
      collection.items.append(item)
      end = item.range.upperBound
    }
    blockColumn = outer
    if hasBrackets {
      end = events.range.upperBound
      cursor = max(cursor, end)
    }
    let first = hasBrackets ? start : collection.items.first?.range.lowerBound ?? start
    return SyntaxNode(properties: properties, content: .collection(collection), range: first..<max(first, end))
  }

  /// The next item; nil at the end of the collection, which has then got the comments that belong to it.
  private mutating func item(of collection: inout SyntaxCollection) throws(YAMLFault) -> SyntaxItem? {
    let kind = try events.advance()
    let start = events.range.lowerBound
    if kind == .mappingEnd || kind == .sequenceEnd {
      collect(upTo: start)
      close(&collection, before: column(ofNext: start))
      return nil
    }
    let first = collection.isFlow ? start : text.firstToken(in: cursor..<max(cursor, start))
    collect(upTo: first)
    giveEndComment(to: &collection, before: text.column(of: first))
    var item = SyntaxItem(
      leading: pending, isAfterBlank: isAfterBlank, column: text.column(of: first),
      value: SyntaxNode(content: .alias(""), range: start..<start), range: first..<first)
    _ = take()
    if collection.column < 0 { collection.column = item.column }
    if !collection.isFlow { blockColumn = collection.column }
    // Its `-`, or the `?` before a long key.
    if first < start { cursor = first + 1 }
    if collection.isMapping {
      item.key = try node(kind)
      item.leading += take()
      try readValue(try events.advance(), of: &item)
    } else {
      try readValue(kind, of: &item)
    }
    return item
  }

  private mutating func readValue(_ kind: YAMLEvents.Kind, of item: inout SyntaxItem) throws(YAMLFault) {
    collect(upTo: events.range.lowerBound)
    item.markComment = takeEndOfLine()
    item.value = try node(kind)
    item.range = item.range.lowerBound..<max(item.range.lowerBound, item.value.range.upperBound)
    if item.value.isBlockCollection { return adoptHeadComment(of: &item) }
    // What stood between the key and a value of one line goes before both.
    item.leading += take()
    if item.value.scalar?.isBlock == true, let comment = item.markComment {
      item.leading.append(comment)
      item.markComment = nil
    }
    if case .collection = item.value.content { adoptHeadComment(of: &item) }
  }

  /// What stands behind the anchor, or the bracket, of a value stands behind its key from now on.
  private func adoptHeadComment(of item: inout SyntaxItem) {
    guard var collection = item.value.collection, let comment = collection.headComment else { return }
    collection.headComment = nil
    item.value.content = .collection(collection)
    if item.markComment == nil { item.markComment = comment } else { item.leading.append(comment) }
  }

  /// Gives the comment behind the last item, and those that stand there instead of its value, to it.
  private mutating func giveEndComment(to collection: inout SyntaxCollection, before next: Int) {
    guard let last = collection.items.indices.last else {
      collection.headComment = takeEndOfLine()
      return
    }
    if collection.items[last].endComment == nil { collection.items[last].endComment = takeEndOfLine() }
    guard !collection.isFlow, collection.items[last].value.isNothing else { return }
    let column = max(collection.items[last].column, next)
    let inner = pending.prefix { $0.isOwnLine && $0.column > column }
    collection.items[last].inner += inner
    pending.removeFirst(inner.count)
  }

  private mutating func close(_ collection: inout SyntaxCollection, before next: Int) {
    // Behind the bracket of an empty list: as if it stood behind the list.
    if collection.items.isEmpty { return }
    giveEndComment(to: &collection, before: collection.isFlow ? -1 : next)
    if collection.isFlow {
      collection.trailing = take()
      return
    }
    let own = pending.prefix { $0.column >= collection.column && $0.column > next }
    collection.trailing = Array(own)
    pending.removeFirst(own.count)
  }
}
