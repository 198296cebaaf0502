import JSON
import Reconciliation
import SCIM

/// Reads documents one by one: the envelope here, the `spec` by the reader of its kind.
struct DocumentReader {
  /// `metadata`, read.
  struct Metadata {
    var name: String
    var nameMark: YAMLMark
    var labels: [String: String]
  }

  static let apiVersion = "rollcall/v1"

  let rules: RuleBook
  let scope: FileScope
  let extent: DraftExtent
  let overlays: OverlayStack?
  private(set) var resources: [ResourceDraft] = []
  private(set) var endpoints: [EndpointDraft] = []
  private(set) var schemas: [SchemaDraft] = []
  private(set) var policies: [PolicyDraft] = []

  init(rules: RuleBook, scope: FileScope, extent: DraftExtent, overlays: OverlayStack? = nil) {
    self.overlays = overlays
    self.rules = rules
    self.scope = scope
    self.extent = extent
  }

  mutating func read(_ document: YAMLNode) {
    guard var fields = Fields(document, scope, what: "a document") else { return }
    let version = fields.require("apiVersion", of: "a document")
    let kindNode = fields.require("kind", of: "a document")
    let metadata = fields.require("metadata", of: "a document").flatMap(self.metadata)
    let spec = fields.require("spec", of: "a document")
    fields.finish("a document")
    guard let version, isKnown(version), let kindNode, let kind = kind(kindNode) else {
      scope.concealSuspects(in: document)
      return
    }
    guard let spec else { return }
    read(spec, kind, metadata, location: scope.location(document.mark))
  }

  /// Without usable metadata the spec is read all the same, for the sake of its faults.
  private mutating func read(_ spec: YAMLNode, _ kind: ManifestKind, _ metadata: Metadata?, location: SourceLocation) {
    let known = metadata ?? Metadata(name: "", nameMark: spec.mark, labels: [:])
    switch kind {
    case .endpoint:
      let declaration = EndpointReader(rules: rules, scope: scope).read(spec, name: known.name, location: location)
      guard metadata != nil, let declaration else { return }
      endpoints.append(EndpointDraft(declaration: declaration, part: scope.part, nameMark: known.nameMark))
    case .schema:
      let draft = SchemaReader(rules: rules, scope: scope).read(spec, known)
      guard metadata != nil, let draft else { return }
      schemas.append(draft)
    case .overlay:
      _ = OverlayReader(scope: scope).read(spec, location: location)
      if overlays?.isAt(location) != true {
        scope.report(
          .misplacedOverlay, "this overlay is not the one that was asked for", at: known.nameMark,
          hint: "name the folder that its file stands in with -f, and only one overlay in a folder")
      }
    case .policy:
      let draft = PolicyReader(rules: rules, scope: scope).read(spec, known)
      guard metadata != nil, let draft else { return }
      policies.append(draft)
    default:
      let draft = SpecReader(rules: rules, scope: scope).read(spec, kind, known, location: location)
      guard metadata != nil, let draft else { return }
      resources.append(draft.reduced(to: extent))
    }
  }

  private func isKnown(_ version: YAMLNode) -> Bool {
    guard let text = scope.text(version, what: "`apiVersion`") else { return false }
    if text == Self.apiVersion { return true }
    scope.report(
      .unknownVersion, "the apiVersion `\(text)` is not known", at: version.mark, hint: "write \(Self.apiVersion)")
    return false
  }

  private func kind(_ node: YAMLNode) -> ManifestKind? {
    guard let text = scope.text(node, what: "`kind`") else { return nil }
    guard let kind = ManifestKind(rawValue: text) else {
      let kinds = ManifestKind.allCases.map(\.rawValue)
      scope.report(
        .unknownKind, "the kind `\(text)` is not known", at: node.mark,
        hint: Spelling.hint(for: text, among: kinds)
          ?? "the kinds are \(ManifestKind.supported.map(\.rawValue).quoted(and: "and"))")
      return nil
    }
    if kind.isSupported { return kind }
    scope.report(
      .unsupportedKind, "documents of kind `\(text)` are not supported by this version yet", at: node.mark,
      hint: "the supported kinds are \(ManifestKind.supported.map(\.rawValue).quoted(and: "and"))")
    return nil
  }

  private func metadata(_ node: YAMLNode) -> Metadata? {
    guard var fields = Fields(node, scope, what: "`metadata`") else { return nil }
    let name = fields.require("name", of: "`metadata`")
    let labels = fields.labels("labels") ?? [:]
    fields.finish("`metadata`")
    guard let name, let text = scope.text(name, what: "`name`") else { return nil }
    if !ManifestName.isValid(text) {
      scope.report(
        .invalidName, "`\(text)` cannot be a name", at: name.mark,
        hint: "a name has lower-case letters, digits, '-' and '.', begins and ends with a letter or digit, "
          + "and has at most \(ManifestName.maximumLength) characters")
    }
    return Metadata(name: text, nameMark: name.mark, labels: labels)
  }
}
