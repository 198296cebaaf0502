import JSON

extension SyntaxNode {
  /// A value as it is written on one line. An endpoint's text may look like a variable, which a later run would fill in.
  init(_ value: JSONValue) {
    switch value {
    case .object(let object):
      self.init(
        SyntaxCollection(
          isMapping: true, isFlow: true, column: 0,
          items: object.members.map { SyntaxItem(key: SyntaxNode(.string($0.key)), value: SyntaxNode($0.value)) }))
    case .array(let items):
      self.init(
        SyntaxCollection(
          isMapping: false, isFlow: true, column: 0, items: items.map { SyntaxItem(key: nil, value: SyntaxNode($0)) }))
    case .string(let text):
      let text = text.escapingVariables
      self.init(text, written: YAMLText(text).inlineAnywhere)
    case .number(let number): self.init(number.literal, written: YAMLText.number(number))
    case .bool(let value): self.init(value ? "true" : "false", written: value ? "true" : "false")
    case .null: self.init("null", written: "null")
    }
  }

  private init(_ collection: SyntaxCollection) { self.init(content: .collection(collection), range: 0..<0) }

  private init(_ text: String, written: String) {
    self.init(
      content: .scalar(SyntaxScalar(text: text, isPlain: written == text, lines: [written], isBlock: false)),
      range: 0..<0)
  }

  /// Gives the node another value; text stays in quotes where it stands in quotes.
  mutating func set(_ value: JSONValue) throws(Obstacle) {
    try checkFree()
    let place = range
    if case .string(let text) = value, let scalar, !scalar.isPlain, !scalar.isBlock {
      let text = text.escapingVariables
      self = SyntaxNode(text, written: YAMLText(text).quoted)
    } else {
      self = SyntaxNode(value)
    }
    range = place
  }

  /// Whether what stands here stands for itself, and nothing else depends on it.
  func checkFree() throws(Obstacle) {
    if case .alias(let name) = content {
      throw Obstacle("it is the alias *\(name): change the value that has the anchor", at: range.lowerBound)
    }
    if let anchor = properties.first(where: { $0.hasPrefix("&") }) {
      throw Obstacle("its value has the anchor \(anchor), which others may name", at: range.lowerBound)
    }
    if let scalar {
      if scalar.text.replacing("$${", with: "").contains("${") {
        throw Obstacle("its value has a variable in it", at: range.lowerBound)
      }
      return
    }
    for item in collection?.items ?? [] { try item.value.checkFree() }
  }
}

extension SyntaxItem {
  /// An item that is new in its file.
  init(key: SyntaxNode?, value: SyntaxNode) {
    self.init(leading: [], isAfterBlank: false, column: 0, key: key, value: value, range: 0..<0)
  }
}

extension SyntaxCollection {
  func index(of name: String) -> Int? { items.firstIndex { $0.name == name } }

  /// Changes the mapping below a key.
  mutating func editMapping(_ name: String, _ body: (inout SyntaxCollection) throws(Obstacle) -> Void) throws(Obstacle)
  {
    try edit(name, isMapping: true, body)
  }

  /// Changes the list below a key.
  mutating func editList(_ name: String, _ body: (inout SyntaxCollection) throws(Obstacle) -> Void) throws(Obstacle) {
    try edit(name, isMapping: false, body)
  }

  private mutating func edit(
    _ name: String, isMapping: Bool, _ body: (inout SyntaxCollection) throws(Obstacle) -> Void
  ) throws(Obstacle) {
    guard let index = index(of: name) else { throw Obstacle("`\(name)` is not written in this document", at: place) }
    try items[index].value.edit(isMapping: isMapping, name: name, body)
  }

  /// Gives the value below a key another value.
  mutating func set(_ name: String, to value: JSONValue) throws(Obstacle) {
    guard let index = index(of: name) else { throw Obstacle("`\(name)` is not written in this document", at: place) }
    try items[index].value.set(value)
  }

  mutating func remove(_ name: String) throws(Obstacle) {
    guard let index = index(of: name) else { throw Obstacle("`\(name)` is not written in this document", at: place) }
    try remove(at: index)
  }

  /// Takes an item out, with the comment behind it; those on the lines before it stay.
  mutating func remove(at index: Int) throws(Obstacle) {
    try items[index].value.checkFree()
    let comments = items.remove(at: index).leading
    if items.isEmpty {
      // Brackets with nothing in them have no room for comments.
      guard comments.isEmpty, trailing.isEmpty else { throw Obstacle("nothing but comments would be left of its list") }
      isFlow = true
    }
    if index < items.count {
      items[index].leading = comments + items[index].leading
    } else {
      trailing = comments + trailing
    }
  }

  mutating func append(_ node: SyntaxNode) { items.append(SyntaxItem(key: nil, value: node)) }

  private var place: Int? { items.first?.range.lowerBound }
}

extension SyntaxNode {
  /// Changes the collection that the node is.
  mutating func edit(
    isMapping: Bool, name: String, _ body: (inout SyntaxCollection) throws(Obstacle) -> Void
  ) throws(Obstacle) {
    if case .alias = content { try checkFree() }
    if properties.contains(where: { $0.hasPrefix("&") }) { try checkFree() }
    guard var collection, collection.isMapping == isMapping else {
      throw Obstacle("`\(name)` is no \(isMapping ? "mapping" : "list") here", at: range.lowerBound)
    }
    try body(&collection)
    content = .collection(collection)
  }
}
