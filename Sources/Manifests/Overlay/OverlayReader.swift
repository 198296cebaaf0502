import Reconciliation

/// Reads the `spec` of an `Overlay` document.
struct OverlayReader {
  /// An overlay as it was read.
  struct Draft {
    /// A file or folder that it stands on, as it is written.
    struct Resource {
      var path: String
      var mark: YAMLMark
    }

    var layer: OverlayLayer
    var resources: [Resource]
  }

  let scope: FileScope

  /// nil, and a fault, when the spec is of no use.
  func read(_ spec: YAMLNode, location: SourceLocation) -> Draft? {
    guard var fields = Fields(spec, scope, what: "`spec`") else { return nil }
    let resources = fields.require("resources", of: "an overlay").flatMap { scope.items($0, what: "`resources`") } ?? []
    let patches = fields.items("patches") ?? []
    let labels = fields.take("commonLabels")
    let variables = fields.labels("variables") ?? [:]
    fields.finish("an overlay")
    return Draft(
      layer: OverlayLayer(
        path: location.file, line: location.line, patches: patches.compactMap(patch),
        labels: labels.flatMap(self.labels) ?? [], variables: variables),
      resources: resources.compactMap { node in
        scope.text(node, what: "an entry of `resources`").map { .init(path: $0, mark: node.mark) }
      })
  }

  private func labels(_ node: YAMLNode) -> [YAMLEntry]? {
    if let entries = node.entries { return entries }
    scope.report(.wrongShape, "`commonLabels` must be a mapping of names to text", at: node.mark)
    return nil
  }

  private func patch(_ node: YAMLNode) -> OverlayLayer.Patch? {
    guard var fields = Fields(node, scope, what: "a patch") else {
      scope.concealSuspects(in: node)
      return nil
    }
    let target = fields.require("target", of: "a patch").flatMap(target)
    let spec = fields.take("spec").flatMap { mapping($0, "spec") }
    let labels = fields.take("labels").flatMap { mapping($0, "labels") }
    let removes = fields.bool("remove") ?? false
    fields.finish("a patch")
    if spec == nil, labels == nil, !removes, node["spec"] == nil, node["labels"] == nil {
      scope.report(.missingField, "a patch needs `spec`, `labels` or `remove: true`", at: node.mark)
    }
    // A line may be quoted for a fault of the patch itself, which no schema explains.
    if let spec { scope.concealSuspects(in: spec) }
    return target.map { OverlayLayer.Patch(target: $0, spec: spec, labels: labels, removes: removes) }
  }

  private func mapping(_ node: YAMLNode, _ name: String) -> YAMLNode? {
    if node.entries != nil { return node }
    scope.conceal(node)
    scope.report(.wrongShape, "`\(name)` must be a mapping", at: node.mark)
    return nil
  }

  private func target(_ node: YAMLNode) -> OverlayLayer.Patch.Target? {
    guard var fields = Fields(node, scope, what: "`target`") else { return nil }
    let kind = fields.take("kind").flatMap(kind)
    let name = fields.string("name")
    let labels = fields.take("selector").map(scope.selector) ?? [:]
    fields.finish("`target`")
    guard kind != nil || name != nil || !labels.isEmpty else {
      if node.entries?.isEmpty == true {
        scope.report(.missingField, "`target` needs `kind`, `name` or `selector`", at: node.mark)
      }
      return nil
    }
    return .init(kind: kind, name: name, labels: labels, mark: node.mark)
  }

  private func kind(_ node: YAMLNode) -> String? {
    guard let text = scope.text(node, what: "`kind`") else { return nil }
    if ManifestKind(rawValue: text) != nil { return text }
    scope.report(
      .unknownKind, "the kind `\(text)` is not known", at: node.mark,
      hint: Spelling.hint(for: text, among: ManifestKind.allCases.map(\.rawValue)))
    return nil
  }
}
