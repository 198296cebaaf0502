/// Writes the text format of Prometheus, version 0.0.4: `# HELP`, `# TYPE`, then a line a series.
struct PrometheusText {
  private(set) var content = ""

  mutating func append(_ name: String, _ family: PrometheusRegistry.Family, help: String?) {
    let name = Self.name(name)
    if let help { content += "# HELP \(name) \(Self.escaped(help, quotes: false))\n" }
    content += "# TYPE \(name) \(family.kind.rawValue)\n"
    let lines = family.series.map { (labels: Self.labels($0.key), series: $0.value) }
    for (labels, series) in lines.sorted(by: { $0.labels.lexicographicallyPrecedes($1.labels) }) {
      for sample in series.samples { append(sample, name, labels) }
    }
  }

  private mutating func append(_ sample: PrometheusSample, _ name: String, _ labels: [String]) {
    let labels = labels + (sample.bound.map { [#"le="\#(Self.number($0))""#] } ?? [])
    let braces = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
    content += "\(name)\(sample.suffix)\(braces) \(Self.number(sample.value))\n"
  }

  private static func labels(_ labels: PrometheusRegistry.Labels) -> [String] {
    labels.pairs.map { #"\#(name($0.name))="\#(escaped($0.value, quotes: true))""# }
  }

  /// The name with an underscore for whatever may not stand in it.
  static func name(_ text: String) -> String {
    var name = String(
      text.unicodeScalars.map { $0.isASCII && ($0.isLetterOrDigit || $0 == "_" || $0 == ":") ? Character($0) : "_" })
    if name.first.map({ $0.isNumber }) ?? true { name = "_" + name }
    return name
  }

  /// - Parameter quotes: whether the text stands between quotation marks.
  static func escaped(_ text: String, quotes: Bool) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": escaped += #"\\"#
      case "\n": escaped += #"\n"#
      case "\"" where quotes: escaped += #"\""#
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }

  /// Whole numbers without a fraction, as counters are read best.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    return Int(exactly: value).map(String.init) ?? "\(value)"
  }
}

extension Unicode.Scalar {
  fileprivate var isLetterOrDigit: Bool {
    ("a"..."z").contains(self) || ("A"..."Z").contains(self) || ("0"..."9").contains(self)
  }
}
