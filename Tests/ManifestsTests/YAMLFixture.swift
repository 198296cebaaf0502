import JSON
import Manifests

/// YAML text in which `⟦` marks the places that a test asks about, in order.
struct YAMLFixture {
  var text = ""
  var places: [Place] = []

  struct Place: Hashable {
    var line: UInt32
    var column: UInt16
  }

  init(_ marked: String) {
    var place = Place(line: 1, column: 1)
    for scalar in marked.unicodeScalars {
      if scalar == "⟦" {
        places.append(place)
        continue
      }
      text.unicodeScalars.append(scalar)
      place =
        scalar == "\n" ? Place(line: place.line + 1, column: 1) : Place(line: place.line, column: place.column + 1)
    }
  }

  var bytes: [UInt8] { Array(text.utf8) }
}

extension YAMLMark {
  var place: YAMLFixture.Place { .init(line: line, column: column) }
}

extension YAMLReader {
  /// All documents of the text up to the first fault.
  static func documents(_ bytes: [UInt8], limits: Limits = .standard) throws(YAMLError) -> [YAMLDocument] {
    var reader = YAMLReader(bytes, limits: limits)
    var documents: [YAMLDocument] = []
    while let document = try reader.next() { documents.append(document) }
    return documents
  }

  /// The root of the only document.
  static func root(_ text: String, limits: Limits = .standard) throws(YAMLError) -> YAMLNode? {
    try documents(Array(text.utf8), limits: limits).first?.root
  }

  /// The first fault of the text, if it has one.
  static func fault(_ bytes: [UInt8], limits: Limits = .standard) -> YAMLError? {
    do throws(YAMLError) {
      _ = try documents(bytes, limits: limits)
      return nil
    } catch {
      return error
    }
  }
}

extension YAMLNode {
  /// The value that the core schema gives the tree.
  var json: JSONValue {
    switch content {
    case .scalar(let text, let isPlain): YAMLScalar.inferred(text, isPlain: isPlain)
    case .sequence(let items): .array(items.map(\.json))
    case .mapping(let entries): .object(JSONObject(entries.map { ($0.key, $0.value.json) }))
    }
  }

  /// The marks of keys and scalars, in the order of the text.
  var marks: [YAMLMark] {
    switch content {
    case .scalar: [mark]
    case .sequence(let items): items.flatMap(\.marks)
    case .mapping(let entries): entries.flatMap { [$0.keyMark] + $0.value.marks }
    }
  }
}
