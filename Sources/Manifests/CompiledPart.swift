import Reconciliation

/// What one part of a file says by itself; parts are read in any order, on any core.
struct CompiledPart: Sendable {
  var resources: [ResourceDraft] = []
  var endpoints: [EndpointDraft] = []
  var schemas: [SchemaDraft] = []
  var policies: [PolicyDraft] = []
  /// The patches of overlays that found a document here.
  var usedPatches: Set<PatchID> = []
  var diagnostics: [Diagnostic] = []
  var confidential: [Confidential] = []
  var documents = 0
}

/// Reads one part of a file: YAML to documents to drafts.
struct PartCompiler {
  let rules: RuleBook
  let variables: [String: String]
  let limits: YAMLReader.Limits
  let extent: DraftExtent

  /// - Parameter overlays: what lies over the documents; nil for nothing.
  func compile(
    _ bytes: UnsafeBufferPointer<UInt8>, of part: FilePart, under overlays: OverlayStack? = nil
  ) -> CompiledPart {
    let scope = FileScope(part)
    var documents = DocumentReader(rules: rules, scope: scope, extent: extent, overlays: overlays)
    let variables = overlays?.variables(over: variables) ?? variables
    let overlays = overlays?.expanded(with: variables)
    var usedPatches: Set<PatchID> = []
    let expander = VariableExpander.isNeeded(in: bytes) ? VariableExpander(variables: variables, scope: scope) : nil
    var yaml = YAMLReader(borrowing: bytes, limits: limits)
    var count = 0
    while true {
      do throws(YAMLError) {
        guard let document = try yaml.next() else { break }
        guard let root = document.root else { continue }
        count += 1
        let expanded = expander?.expanded(root) ?? root
        guard let patched = overlays.map({ $0.applied(to: expanded, used: &usedPatches) }) ?? expanded else { continue }
        documents.read(patched)
      } catch {
        count += 1
        scope.report(error)
      }
    }
    return CompiledPart(
      resources: documents.resources, endpoints: documents.endpoints, schemas: documents.schemas,
      policies: documents.policies, usedPatches: usedPatches, diagnostics: scope.diagnostics,
      confidential: scope.confidential, documents: count)
  }
}

extension FileScope {
  /// Notes a fault of the file as YAML.
  func report(_ error: YAMLError) {
    report(
      DiagnosticCode(error.code), error.message, at: error.mark, hint: error.hint,
      notes: error.notes.map { Diagnostic.Note($0.message, at: location($0.mark)) })
  }
}

extension DiagnosticCode {
  fileprivate init(_ code: YAMLError.Code) {
    self =
      switch code {
      case .syntax, .tab, .encoding, .unknownAlias, .nonScalarKey, .unknownTag, .mergeKey: .syntax
      case .duplicateKey: .duplicateKey
      case .tooLarge, .tooDeep, .tooManyNodes, .aliasExpansion: .beyondLimits
      }
  }
}
