import SCIM

/// One control of a form, and the attribute that it sets.
struct FormField: Hashable, Sendable {
  enum Control: Hashable, Sendable {
    case text
    /// Written, never shown.
    case secret
    /// - Parameter unset: what it means that the attribute has no value.
    case flag(unset: Bool)
    /// One of these words, or none.
    case choice([String])
    /// Any of these, each a box.
    case boxes([Option])
    /// One value a line.
    case lines
  }

  struct Option: Hashable, Sendable {
    let value: String
    let label: String
  }

  /// From the resource on, or from the element of a row; the first part may be the URN of an extension.
  let path: [String]
  let label: String
  var help: String?
  let control: Control
  var isRequired = false
  var type = Attribute.DataType.string
  /// Whether it sets an attribute; what does not, a page reads itself.
  var setsAttribute = true

  /// What the form calls it.
  var name: String { path.joined(separator: ".") }
}

/// The values of a multi-valued attribute, each a row of controls.
struct FormRows: Hashable, Sendable {
  let path: [String]
  /// Of one row: `E-mail`.
  let label: String
  let fields: [FormField]
  /// The part that tells the values apart for people.
  let key: String?

  var name: String { path.joined(separator: ".") }
  /// The field with the number of rows.
  var countName: String { "\(name).count" }
  /// Whether a row takes much room, so that an empty one is folded.
  var isLarge: Bool { fields.count > 4 }

  func name(_ field: FormField, in row: Int) -> String { "\(name).\(row).\(field.name)" }

  /// The most rows that a form may have.
  static let maximum = 500

  func count(in form: PostedForm) -> Int {
    min(max(form[countName].flatMap { Int($0) } ?? 0, 0), Self.maximum)
  }
}

enum FormElement: Hashable, Sendable {
  case field(FormField)
  case rows(FormRows)
}

/// What stands together on a form.
struct FormSection: Hashable, Sendable {
  let legend: String
  var elements: [FormElement]

  init(_ legend: String, _ elements: [FormElement]) {
    self.legend = legend
    self.elements = elements
  }
}

/// What the forms of a kind ask for.
enum FormLayout: Sendable {
  struct Section: Sendable {
    let legend: String
    /// As `name.givenName`.
    let paths: [String]
    /// Of values in rows, what is asked for; empty: everything.
    let parts: [String]

    init(_ legend: String, _ paths: [String], parts: [String] = []) {
      self.legend = legend
      self.paths = paths
      self.parts = parts
    }
  }

  /// These attributes, and those of the extensions.
  case listed([Section])
  /// All that the schema knows.
  case wholeSchema
}
