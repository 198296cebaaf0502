extension YAMLSource {
  /// Turns libyaml's complaint into the words of a person who has to mend the file.
  func explain(_ fault: YAMLFault) -> YAMLError {
    if let offset = fault.undecodableByte { return undecodable(fault, offset: offset) }
    if fault.problem == YAMLFault.outOfMemory {
      return YAMLError(.tooLarge, "there is no memory left to read the file", at: YAMLMark(fault.place))
    }
    if fault.problem.contains("tab character") || isStray("\t", fault) {
      return YAMLError(
        .tab, "a tab indents this line", at: YAMLMark(fault.place), hint: "YAML indents with spaces: replace the tab")
    }
    if fault.problem == Self.strayCharacter, let character = character(at: fault.place) {
      return YAMLError(
        .syntax, "a value cannot begin with '\(character)'", at: YAMLMark(fault.place), hint: "put it in quotes")
    }
    if isVariable(fault) {
      return YAMLError(
        .syntax, "a variable within {...} or [...] cannot stand so", at: YAMLMark(fault.place),
        hint: "put it in quotes: \"${NAME}\"")
    }
    return known(fault)
      ?? YAMLError(
        .syntax, [fault.context?.problem, fault.problem].compactMap(\.self).joined(separator: ", "),
        at: YAMLMark(fault.place))
  }

  private static let strayCharacter = "found character that cannot start any token"

  private func isStray(_ character: Unicode.Scalar, _ fault: YAMLFault) -> Bool {
    fault.problem == Self.strayCharacter && self.character(at: fault.place) == character
  }

  /// Whether it is the brace of a `${NAME}` that YAML takes for a mapping.
  private func isVariable(_ fault: YAMLFault) -> Bool {
    guard fault.problem.hasPrefix("did not find expected ','"), character(at: fault.place) == "{",
      fault.place.column > 0
    else { return false }
    return character(at: YAMLFault.Place(line: fault.place.line, column: fault.place.column - 1)) == "$"
  }

  private func undecodable(_ fault: YAMLFault, offset: Int) -> YAMLError {
    let isTruncated = fault.problem == "invalid trailing UTF-8 octet"
    let mark = YAMLMark(place(ofByte: isTruncated ? leadByte(before: offset) : offset))
    if fault.problem == "control characters are not allowed" {
      return YAMLError(
        .encoding, "a control character that YAML does not allow", at: mark,
        hint: "remove it, or write it as an escape such as \"\\u0007\" in double quotes")
    }
    return YAMLError(.encoding, "these bytes are not UTF-8", at: mark, hint: "save the file as UTF-8")
  }

  private func known(_ fault: YAMLFault) -> YAMLError? {
    guard let explanation = YAMLExplanation.all.first(where: { $0.problem == fault.problem }) else { return nil }
    let begin = fault.context.map { YAMLMark($0.place) }
    let here = YAMLMark(fault.place)
    if explanation.pointsAtBeginning {
      return YAMLError(.syntax, explanation.message, at: begin ?? here, hint: explanation.hint)
    }
    let notes = begin.flatMap { $0 == here ? nil : [YAMLError.Note("it begins here", at: $0)] } ?? []
    return YAMLError(.syntax, explanation.message, at: here, hint: explanation.hint, notes: notes)
  }
}

extension YAMLMark {
  fileprivate init(_ place: YAMLFault.Place) { self.init(line: place.line + 1, column: place.column + 1) }
}

/// What one of libyaml's complaints means in practice.
private struct YAMLExplanation {
  /// libyaml's words.
  var problem: String
  var message: String
  var hint: String?
  /// The fault is where the construct begins, not where reading it came to a halt.
  var pointsAtBeginning = false

  static let all: [YAMLExplanation] = [
    .init(
      problem: "mapping values are not allowed in this context", message: "a 'key: value' cannot stand here",
      hint: "put text that contains ': ' in quotes, or check the indentation"),
    .init(
      problem: "did not find expected key", message: "this is no 'key: value' of the mapping around it",
      hint: "check the indentation, and the quotes of the value before"),
    .init(
      problem: "could not find expected ':'", message: "this key has no ':' after it",
      hint: "write 'key: value', with a space after the colon", pointsAtBeginning: true),
    .init(
      problem: "did not find expected '-' indicator", message: "this is no '- item' of the list around it",
      hint: "check the indentation"),
    .init(
      problem: "block sequence entries are not allowed in this context", message: "a '- item' cannot stand here",
      hint: "begin the list on a line of its own, or put the text in quotes"),
    .init(
      problem: "did not find expected ',' or ']'", message: "the list [...] is not closed here",
      hint: "write ',' between items and ']' at the end"),
    .init(
      problem: "did not find expected ',' or '}'", message: "the mapping {...} is not closed here",
      hint: "write ',' between entries and '}' at the end"),
    .init(
      problem: "found unexpected end of stream", message: "the closing quote is missing", hint: nil,
      pointsAtBeginning: true),
    .init(
      problem: "found unexpected document indicator", message: "the closing quote is missing",
      hint: "a line that begins with '---' ends the document",
      pointsAtBeginning: true),
    .init(
      problem: "found unknown escape character", message: "this escape is unknown",
      hint: "write \\\\ for a backslash, or use single quotes"),
    .init(
      problem: "did not find expected hexdecimal number", message: "hexadecimal digits must follow this escape",
      hint: "write \\\\ for a backslash, or use single quotes"),
    .init(
      problem: "did not find expected alphabetic or numeric character",
      message: "'*' begins an alias and '&' an anchor, and a name must follow",
      hint: "put text that begins with '*' or '&' in quotes", pointsAtBeginning: true),
    .init(
      problem: "did not find expected <document start>", message: "the document has already ended here",
      hint: "check the indentation, or separate documents by a line '---'"),
    .init(
      problem: "did not find expected node content", message: "a value is missing here",
      hint: "write one; text that begins with a special character needs quotes"),
    .init(
      problem: "found unexpected ':'", message: "a ':' cannot stand here",
      hint: "put a space after the ':' of a key, or the text in quotes"),
    .init(
      problem: "did not find expected comment or line break",
      message: "'|' and '>' announce a block of text, which begins on the next line",
      hint: "put text that begins with '|' or '>' in quotes", pointsAtBeginning: true),
    .init(
      problem: "did not find expected whitespace or line break", message: "'!' begins a tag, and this is none",
      hint: "put text that begins with '!' in quotes", pointsAtBeginning: true),
    .init(
      problem: "mapping keys are not allowed in this context", message: "a '? key' cannot stand here",
      hint: "put text that begins with '?' in quotes"),
    .init(
      problem: "found unknown directive name", message: "this directive is unknown",
      hint: "put text that begins with '%' in quotes", pointsAtBeginning: true),
    .init(
      problem: "found incompatible YAML document", message: "only YAML 1.1 and 1.2 are read",
      hint: "remove the line '%YAML'"),
    .init(
      problem: "found undefined tag handle", message: "this tag is not declared",
      hint: "put text that begins with '!' in quotes"),
  ]
}
