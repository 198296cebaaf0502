/// What a template shows. Every text is escaped for HTML when it is made into what templates read, and nothing else reaches
/// them: no template can forget it.
indirect enum PageContent: Sendable {
  case text(String)
  case flag(Bool)
  case list([[String: PageContent]])
  case object([String: PageContent])

  /// As the template reads it.
  var rendered: Any {
    switch self {
    case .text(let text): HTMLText.escaped(text)
    case .flag(let flag): flag
    case .list(let elements): elements.map { $0.mapValues(\.rendered) }
    case .object(let object): object.mapValues(\.rendered)
    }
  }
}

extension PageContent: ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral {
  init(stringLiteral text: String) { self = .text(text) }
  init(booleanLiteral flag: Bool) { self = .flag(flag) }
}

enum HTMLText {
  /// The text without what has a meaning in HTML, within attributes in quotes as well. Scalar by scalar: a mark that follows
  /// a quote makes one character of both in Swift, and in a browser it does not. Nor does a text end what isolates it from
  /// others.
  static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.balancingIsolates.unicodeScalars {
      switch scalar {
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "'": result.append(contentsOf: "&#39;".unicodeScalars)
      case "\0": result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
