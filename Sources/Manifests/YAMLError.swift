/// Why a YAML file was refused, said so that its author can mend it.
package struct YAMLError: Error, Hashable, Sendable {
  /// The kind of fault; the message says it in words.
  package enum Code: String, Sendable, CaseIterable {
    case syntax, tab, encoding
    case tooLarge, tooDeep, tooManyNodes, aliasExpansion
    case unknownAlias, duplicateKey, nonScalarKey, unknownTag, mergeKey

    /// Nothing after the fault can be read; otherwise the reader goes on with the next document.
    package var endsFile: Bool {
      switch self {
      case .syntax, .tab, .encoding, .tooLarge, .tooDeep, .tooManyNodes, .aliasExpansion: true
      case .unknownAlias, .duplicateKey, .nonScalarKey, .unknownTag, .mergeKey: false
      }
    }
  }

  /// Another place that belongs to the fault, such as the first of two equal keys.
  package struct Note: Hashable, Sendable {
    package var message: String
    package var mark: YAMLMark

    package init(_ message: String, at mark: YAMLMark) {
      self.message = message
      self.mark = mark
    }
  }

  package var code: Code
  package var message: String
  package var mark: YAMLMark
  /// What to do about it.
  package var hint: String?
  package var notes: [Note]

  package init(_ code: Code, _ message: String, at mark: YAMLMark, hint: String? = nil, notes: [Note] = []) {
    self.code = code
    self.message = message
    self.mark = mark
    self.hint = hint
    self.notes = notes
  }
}
