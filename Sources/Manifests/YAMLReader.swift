/// One document of a YAML stream.
package struct YAMLDocument: Hashable, Sendable {
  /// Nil when nothing but comments stands in the document.
  package var root: YAMLNode?
  /// Where the document begins: its `---`, or its first node.
  package var mark: YAMLMark
}

/// Reads the documents of one YAML file, one at a time, and refuses what could be misread or blow up.
///
/// Anchors, aliases and merge keys (`<<`) are expanded, so whoever reads the nodes meets plain trees. A node that an
/// alias brought in bears the mark of the alias; what lies inside bears the marks of its anchor.
///
///     var reader = YAMLReader(bytes)
///     while let document = try reader.next() { … }
package struct YAMLReader: ~Copyable {
  /// Bounds on what one file may cost.
  package struct Limits: Hashable, Sendable {
    /// The size of the file.
    package var maxBytes: Int
    /// How deep collections may be nested, aliases expanded.
    package var maxDepth: Int
    /// Keys, scalars, collections and aliases that one document may hold.
    package var maxNodes: Int
    /// Nodes that the aliases of one document may add to it.
    package var maxAliasExpansion: Int

    package init(
      maxBytes: Int = 64 << 20, maxDepth: Int = 64, maxNodes: Int = 2_000_000, maxAliasExpansion: Int = 100_000
    ) {
      self.maxBytes = maxBytes
      self.maxDepth = maxDepth
      self.maxNodes = maxNodes
      self.maxAliasExpansion = maxAliasExpansion
    }

    package static let standard = Limits()
  }

  let limits: Limits
  var events: YAMLEvents
  /// What this document has used of its limits.
  var nodes = 0
  var aliasedNodes = 0
  var anchors: [String: YAMLAnchor] = [:]

  private let source: YAMLSource
  private let copy: UnsafeMutableBufferPointer<UInt8>?
  private var isFinished = false
  /// A fault met on the way to the end of a refused document; the next call reports it.
  private var pending: YAMLError?

  /// Reads a copy of the bytes.
  package init(_ bytes: [UInt8], limits: Limits = .standard) {
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = copy.initialize(from: bytes)
    self.init(UnsafeBufferPointer(copy), copy: copy, limits: limits)
  }

  /// Reads the bytes where they are, in a mapped file for instance; they must outlive the reader.
  package init(borrowing bytes: UnsafeBufferPointer<UInt8>, limits: Limits = .standard) {
    self.init(bytes, copy: nil, limits: limits)
  }

  private init(_ bytes: UnsafeBufferPointer<UInt8>, copy: UnsafeMutableBufferPointer<UInt8>?, limits: Limits) {
    source = YAMLSource(bytes: bytes)
    events = YAMLEvents(bytes)
    self.copy = copy
    self.limits = limits
    pending = source.refusal(limits)
    isFinished = bytes.isEmpty
  }

  deinit { copy?.deallocate() }

  /// The next document, nil at the end of the file.
  ///
  /// - Throws: the first fault of the next document. Unless its code `endsFile`, one may call again for the document
  ///   after it; else nil follows. Documents that were returned before stay good.
  package mutating func next() throws(YAMLError) -> YAMLDocument? {
    if let error = pending {
      pending = nil
      isFinished = true
      throw error
    }
    guard !isFinished else { return nil }
    do throws(YAMLError) {
      return try document()
    } catch {
      if error.code.endsFile { isFinished = true } else { skipDocument() }
      throw error
    }
  }

  private mutating func document() throws(YAMLError) -> YAMLDocument? {
    while true {
      switch try advance() {
      case .streamEnd:
        isFinished = true
        return nil
      case .documentStart: return try documentBody()
      default: continue
      }
    }
  }

  private mutating func documentBody() throws(YAMLError) -> YAMLDocument {
    nodes = 0
    aliasedNodes = 0
    anchors.removeAll()
    let mark = events.mark
    let root = try node(try advance(), depth: 0)
    _ = try advance()
    return YAMLDocument(root: root.isNothing ? nil : root, mark: mark)
  }

  private mutating func skipDocument() {
    do throws(YAMLError) {
      while try advance() != .documentEnd {}
    } catch {
      pending = error
    }
  }

  /// Reads the next event; libyaml's complaint becomes one that people understand.
  mutating func advance() throws(YAMLError) -> YAMLEvents.Kind {
    do throws(YAMLFault) {
      return try events.advance()
    } catch {
      throw source.explain(error)
    }
  }
}

extension YAMLNode {
  /// A plain scalar of no characters: what libyaml reports where nothing was written.
  fileprivate var isNothing: Bool { content == .scalar("", isPlain: true) }
}
