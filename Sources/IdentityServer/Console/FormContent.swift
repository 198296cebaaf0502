import SCIM

/// A form as templates read it.
struct FormContent {
  let sections: [FormSection]
  let form: PostedForm
  /// By the names of controls.
  var problems: [String: String] = [:]
  /// What the form would show by now, when it was made from an older version.
  var newer: PostedForm?

  var content: PageContent {
    .list(
      sections.map { section in
        ["legend": .text(section.legend), "elements": .list(section.elements.map(content))]
      })
  }

  /// What is wrong, each with the control that it is about.
  var problemList: PageContent {
    .list(
      labels.compactMap { name, label in
        problems[name].map { ["target": .text(name), "about": .text(label), "complaint": .text($0)] }
      })
  }

  /// The controls in their order, with what people call them.
  var labels: [(name: String, label: String)] {
    sections.flatMap(\.elements).flatMap { element -> [(name: String, label: String)] in
      switch element {
      case .field(let field): return [(field.name, field.label)]
      case .rows(let rows):
        let own = (0..<rows.count(in: form)).flatMap { index in
          rows.fields.map { (name: rows.name($0, in: index), label: "\(rows.label) \(index + 1): \($0.label)") }
        }
        return [(rows.name, rows.label)] + own
      }
    }
  }

  private func content(_ element: FormElement) -> [String: PageContent] {
    switch element {
    case .field(let field): ["field": .object(content(field, as: field.name)), "group": false]
    case .rows(let rows): ["field": false, "group": .object(content(rows))]
    }
  }

  private func content(_ rows: FormRows) -> [String: PageContent] {
    let count = rows.count(in: form)
    return [
      "group_id": .text(rows.name), "group_label": .text(rows.label), "count_name": .text(rows.countName),
      "count": .text(String(count)), "group_problem": .optional(problems[rows.name]),
      "rows": .list(
        (0..<count).map { index in
          let isNew = index == count - 1 && rows.isLarge
          return [
            "row_legend": .text(isNew ? "Add: \(rows.label.lowercased())" : "\(rows.label) \(index + 1)"),
            "is_folded": .flag(isNew), "is_compact": .flag(!rows.isLarge),
            "fields": .list(rows.fields.map { content($0, as: rows.name($0, in: index)) }),
          ]
        }),
    ]
  }

  private func content(_ field: FormField, as name: String) -> [String: PageContent] {
    let problem = problems[name]
    let notes = [
      problem == nil ? nil : "\(name)-problem", field.help == nil ? nil : "\(name)-help",
    ].compactMap(\.self)
    var content: [String: PageContent] = [
      "name": .text(name), "label": .text(field.label), "help": .optional(field.help), "problem": .optional(problem),
      "by_now": .optional(byNow(field, name)), "value": .text(""), "is_required": .flag(field.isRequired),
      "described_by": .optional(notes.isEmpty ? nil : notes.joined(separator: " ")),
      "is_text": false, "is_secret": false, "is_flag": false, "is_choice": false, "is_boxes": false,
      "is_lines": false, "options": .list([]),
    ]
    for (key, value) in control(field, name) { content[key] = value }
    return content
  }

  private func control(_ field: FormField, _ name: String) -> [String: PageContent] {
    switch field.control {
    case .text: ["is_text": true, "value": .text(form[name] ?? "")]
    case .secret: ["is_secret": true]
    case .lines: ["is_lines": true, "value": .text(form[name] ?? "")]
    case .flag: ["is_flag": true, "is_on": .flag(form.isOn(name))]
    case .choice(let words): ["is_choice": true, "options": .list(choices(words, form[name] ?? ""))]
    case .boxes(let options): ["is_boxes": true, "options": .list(boxes(options, name))]
    }
  }

  private func choices(_ words: [String], _ chosen: String) -> [[String: PageContent]] {
    let known = [""] + words + (words.contains(chosen) || chosen.isEmpty ? [] : [chosen])
    return known.map {
      ["option": .text($0), "option_label": .text($0.isEmpty ? "Not said" : $0), "is_chosen": .flag($0 == chosen)]
    }
  }

  private func boxes(_ options: [FormField.Option], _ name: String) -> [[String: PageContent]] {
    let known = Set(options.map(\.value))
    let others = form.names(startingWith: name + ".").filter { !known.contains($0) }
    return (options + others.map { FormField.Option(value: $0, label: $0) }).enumerated().map { index, option in
      let box = "\(name).\(option.value)"
      return [
        "box_id": .text("\(name)-\(index)"), "box": .text(box), "option_label": .text(option.label),
        "is_chosen": .flag(form.isOn(box)),
      ]
    }
  }

  /// What stands there by now, when that is not what the form says.
  private func byNow(_ field: FormField, _ name: String) -> String? {
    guard let newer else { return nil }
    switch field.control {
    case .secret: return nil
    case .text, .choice, .lines:
      let (typed, now) = (form[name] ?? "", newer[name] ?? "")
      guard typed.split(whereSeparator: \.isNewline) != now.split(whereSeparator: \.isNewline) else { return nil }
      return now.isEmpty ? "nothing" : now
    case .flag: return form.isOn(name) == newer.isOn(name) ? nil : newer.isOn(name) ? "on" : "off"
    case .boxes:
      let (typed, now) = (form.names(startingWith: name + "."), newer.names(startingWith: name + "."))
      return typed == now ? nil : now.isEmpty ? "nothing" : now.joined(separator: ", ")
    }
  }
}

extension PageContent {
  /// A text, or what no section of a template shows.
  static func optional(_ text: String?) -> PageContent { text.map(PageContent.text) ?? false }
}

/// Finds the controls that an error of the directory is about.
enum FormProblems {
  /// By the names of controls; empty when the error names none.
  static func placed(_ error: SCIMError, on sections: [FormSection]) -> [String: String] {
    let unquoted = error.detail.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined(separator: " ")
    let words = Set(unquoted.split { !$0.isLetter && !$0.isNumber && $0 != "$" }.map { $0.lowercased() })
    let controls = sections.fields.map { ($0.name, $0.path) } + sections.rows.map { ($0.name, $0.path) }
    let meant = controls.filter { words.contains($0.1.last?.lowercased() ?? "") }
    return Dictionary(meant.map { ($0.0, error.detail) }, uniquingKeysWith: { first, _ in first })
  }
}
