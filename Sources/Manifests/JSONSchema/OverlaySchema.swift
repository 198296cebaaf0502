import JSON

/// The form of an `Overlay`'s `spec`.
struct OverlaySchema {
  private typealias Form = SchemaForm

  var spec: JSONValue {
    Form.object(
      [
        ("resources", Form.list(of: Form.text(), "The files and folders that it stands on, from its own folder.")),
        ("variables", Form.map(of: Form.text(), "Values of ${NAME} in all of them.")),
        ("commonLabels", Form.map(of: Form.text(), "Labels that every document gets.")),
        ("patches", Form.list(of: patch, "What is different here.")),
      ], required: ["resources"])
  }

  private var patch: JSONValue {
    Form.object(
      [
        ("target", target), ("spec", ["type": "object", "description": "What is laid over the spec; null removes."]),
        ("labels", ["type": "object", "description": "What is laid over metadata.labels; null removes."]),
        ("remove", Form.boolean("Whether the documents are left out.")),
      ], required: ["target"])
  }

  private var target: JSONValue {
    let labels = Form.object(
      [("matchLabels", Form.map(of: Form.text(), "Labels that a document must have, all of them."))],
      required: ["matchLabels"])
    return Form.object([
      ("kind", Form.choice(ManifestKind.self, "The kind of the documents.")),
      ("name", Form.text("Their metadata.name; * stands for any characters.")), ("selector", labels),
    ])
  }
}
