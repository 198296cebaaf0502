import Manifests

/// A manifest whose text says where its diagnostic must point: between `«` and `»`; the other place of the fault, if it
/// has one, stands between `‹` and `›`.
struct MarkedManifest: Sendable {
  struct Place: Equatable, Sendable {
    var line: Int
    var column: Int
    var length: Int
  }

  let text: String
  private(set) var fault: Place?
  private(set) var note: Place?

  init(_ marked: String) {
    var text = ""
    var line = 1
    var column = 1
    var starts: [Character: Place] = [:]
    for character in marked {
      switch character {
      case "«", "‹": starts[character] = Place(line: line, column: column, length: 1)
      case "»": fault = Self.place(from: starts["«"], to: column)
      case "›": note = Self.place(from: starts["‹"], to: column)
      case "\n":
        (line, column) = (line + 1, 1)
        text.append(character)
      default:
        column += character.unicodeScalars.count
        text.append(character)
      }
    }
    self.text = text
  }

  private static func place(from start: Place?, to column: Int) -> Place? {
    start.map { Place(line: $0.line, column: $0.column, length: column - $0.column) }
  }

  var source: ManifestSource { ManifestSource(path: "test.yaml", bytes: Array(text.utf8)) }
}

/// A document of one kind, its spec given in flow style.
func document(_ kind: String, _ name: String, _ spec: String) -> String {
  "apiVersion: rollcall/v1\nkind: \(kind)\nmetadata: {name: \(name)}\nspec: \(spec)\n"
}

func user(_ name: String, _ more: String = "") -> String {
  document("User", name, "{userName: \(name)\(more.isEmpty ? "" : ", ")\(more)}")
}

func group(_ name: String, _ more: String = "") -> String {
  document("Group", name, "{displayName: \(name)\(more.isEmpty ? "" : ", ")\(more)}")
}

func endpoint(_ spec: String) -> String {
  document("Endpoint", "remote", "{type: scim2, url: \"https://idp.example/scim2\", \(spec)}")
}
