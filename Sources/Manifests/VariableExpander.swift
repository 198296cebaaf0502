/// Puts the values of variables in the place of `${NAME}` and `${NAME:=default}` in scalars; `$${` stands for `${`.
///
/// A scalar keeps its style: a plain one is typed by the schema after the replacement, as if it had been written out.
struct VariableExpander {
  let variables: [String: String]
  let scope: FileScope

  /// Whether a file needs a walk at all; most do not.
  static func isNeeded(in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.indices.dropLast().contains { bytes[$0] == UInt8(ascii: "$") && bytes[$0 + 1] == UInt8(ascii: "{") }
  }

  func expanded(_ node: YAMLNode) -> YAMLNode {
    var node = node
    switch node.content {
    case .scalar(let text, let isPlain):
      if text.utf8.contains(UInt8(ascii: "$")) {
        node.content = .scalar(expanded(text, at: node.mark), isPlain: isPlain)
      }
    case .sequence(let items):
      node.content = .sequence(items.map(expanded))
    case .mapping(let entries):
      node.content = .mapping(
        entries.map { YAMLEntry(key: $0.key, keyMark: $0.keyMark, value: expanded($0.value)) })
    }
    return node
  }

  private func expanded(_ text: String, at mark: YAMLMark) -> String {
    var result = ""
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[dollar...]
      if rest.hasPrefix("$${") {
        result += "${"
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("${") {
        guard let close = rest.firstIndex(of: "}") else {
          scope.report(.invalidVariable, "a variable is not closed", at: mark, hint: "write `$${` for a plain `${`")
          return text
        }
        result += value(of: rest[rest.index(dollar, offsetBy: 2)..<close], at: mark)
        rest = rest[rest.index(after: close)...]
      } else {
        result += "$"
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }

  /// The value of what stands between the braces; nothing, and a fault, when it has none.
  private func value(of expression: Substring, at mark: YAMLMark) -> String {
    let assignment = expression.firstRange(of: ":=")
    let name = String(assignment.map { expression[..<$0.lowerBound] } ?? expression)
    guard Self.isName(name) else {
      scope.report(
        .invalidVariable, "this is not the name of a variable", at: mark,
        hint: "write ${NAME} or ${NAME:=default}, and `$${` for a plain `${`")
      return ""
    }
    if let value = variables[name] ?? assignment.map({ String(expression[$0.upperBound...]) }) { return value }
    scope.report(
      .undefinedVariable, "the variable \(name) is not defined", at: mark,
      hint: Spelling.hint(for: name, among: variables.keys) ?? "define it, or give a default: ${\(name):=value}")
    return ""
  }

  private static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
    return name.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 48...57, UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }
}

extension String {
  /// As it is written in a manifest, so that nothing in it is taken for a variable.
  var escapingVariables: String { replacing("${", with: "$${") }
}
