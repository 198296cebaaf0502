import JSON
import Reconciliation
import SCIM

/// What came of a set of manifests.
package struct Compilation: Sendable {
  /// What the manifests ask for, as far as they could be understood; only to be acted on when the compilation is valid.
  package var desiredState: DesiredState
  /// The schema extensions that the documents of kind `Schema` describe, by their URN.
  package var schemas: [SchemaExtension]
  package var validation: Validation

  /// Whether there are no errors; warnings are allowed.
  package var isValid: Bool { validation.isValid }
  package var diagnostics: [Diagnostic] { validation.diagnostics }
  package var documents: Int { validation.documents }
}

/// What is wrong with a set of manifests.
package struct Validation: Sendable {
  /// In the order of their places.
  package var diagnostics: [Diagnostic]
  /// How many documents were read, faulty ones included.
  package var documents: Int

  /// Whether there are no errors; warnings are allowed.
  package var isValid: Bool { !diagnostics.contains { $0.severity == .error } }
}

/// The front end: the bytes of manifests become the desired state, or diagnostics, all of them in one run.
///
/// First every part of every file is read by itself, then the documents meet: names, references, selectors. The result
/// does not depend on the order of the sources, nor on how many cores read them.
package struct ManifestCompiler: Sendable {
  /// What attributes are checked against.
  package var catalog: SchemaCatalog
  /// The values of `${NAME}`.
  package var variables: [String: String]
  /// Bounds on what one file may cost.
  package var limits: YAMLReader.Limits

  package init(
    catalog: SchemaCatalog = .standard, variables: [String: String] = [:], limits: YAMLReader.Limits = .standard
  ) {
    self.catalog = catalog
    self.variables = variables
    self.limits = limits
  }

  /// Compiles on the calling thread.
  package func compile(_ sources: [ManifestSource]) -> Compilation {
    let sources = sources.sorted { $0.path < $1.path }
    let expected = expectedSchemas(in: sources)
    let compilation = compile(sources, knowing: expected)
    return compilation.schemas == expected ? compilation : compile(sources, knowing: compilation.schemas)
  }

  func compile(_ sources: [ManifestSource], knowing schemas: [SchemaExtension]) -> Compilation {
    let queue = PartQueue(sources, limits: limits)
    return link(compile(queue, keeping: .everything, knowing: schemas), queue, sources, keeping: .everything)
  }

  /// Compiles with as many tasks as `parallelism` says, at least one.
  @concurrent package func compile(_ sources: [ManifestSource], parallelism: Int) async -> Compilation {
    await compile(sources, parallelism: parallelism, keeping: .everything)
  }

  /// Finds every fault that ``compile(_:parallelism:)`` finds, but keeps no attributes: a check needs a fraction of the
  /// memory, unless a mapping has to look values up or a policy reads them.
  @concurrent package func validate(_ sources: [ManifestSource], parallelism: Int) async -> Validation {
    let compilation = await compile(sources, parallelism: parallelism, keeping: .names)
    let looksUp = compilation.desiredState.endpoints.contains { $0.mapping.contains { $0.table != nil } }
    let readsAttributes = looksUp || compilation.desiredState.policies.contains(where: \.readsAttributes)
    return readsAttributes ? await compile(sources, parallelism: parallelism).validation : compilation.validation
  }

  private func compile(
    _ sources: [ManifestSource], parallelism: Int, keeping extent: DraftExtent
  ) async -> Compilation {
    let sources = sources.sorted { $0.path < $1.path }
    let expected = expectedSchemas(in: sources)
    let compilation = await compile(sources, parallelism: parallelism, keeping: extent, knowing: expected)
    guard compilation.schemas != expected else { return compilation }
    return await compile(sources, parallelism: parallelism, keeping: extent, knowing: compilation.schemas)
  }

  private func compile(
    _ sources: [ManifestSource], parallelism: Int, keeping extent: DraftExtent, knowing schemas: [SchemaExtension]
  ) async -> Compilation {
    let queue = PartQueue(sources, limits: limits)
    let parts = await withTaskGroup(of: [IndexedPart].self) { group in
      for _ in 0..<max(parallelism, 1) {
        group.addTask { compile(queue, keeping: extent, knowing: schemas) }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    return link(parts, queue, sources, keeping: extent)
  }

  private typealias IndexedPart = (index: Int, part: CompiledPart)

  /// Compiles parts until none is left, with rules of its own, which no other core touches.
  private func compile(
    _ queue: PartQueue, keeping extent: DraftExtent, knowing schemas: [SchemaExtension]
  ) -> [IndexedPart] {
    let rules = RuleBook(catalog.extended(by: schemas))
    let compiler = PartCompiler(rules: rules, variables: variables, limits: limits, extent: extent)
    var parts: [IndexedPart] = []
    while let job = queue.next() {
      let part = FilePart(
        path: job.path, linesBefore: job.slice.linesBefore, overlays: job.overlays?.paths ?? [])
      let compiled = job.bytes.withUnsafeBufferPointer { bytes in
        compiler.compile(UnsafeBufferPointer(rebasing: bytes[job.slice.range]), of: part, under: job.overlays)
      }
      parts.append((job.index, compiled))
    }
    return parts
  }

  private func link(
    _ parts: consuming [IndexedPart], _ queue: PartQueue, _ sources: [ManifestSource], keeping extent: DraftExtent
  ) -> Compilation {
    var parts = parts.sorted { $0.index < $1.index }.map(\.part)
    let remains = queue.remains
    var linker = Linker(taking: &parts)
    linker.link()
    let schemas = SchemaCheck.distinct(parts.flatMap(\.schemas), into: &linker.faults)
    linker.checkPatches(of: sources, used: parts.reduce(into: []) { $0.formUnion($1.usedPatches) })
    linker.check(
      parts.flatMap(\.schemas),
      places: Dictionary(sources.map { ($0.path, $0.place) }, uniquingKeysWith: { first, _ in first }),
      catalog.extended(by: schemas))
    var desiredState = linker.desiredState(keeping: extent)
    for index in desiredState.endpoints.indices { desiredState.endpoints[index].schemas = schemas }
    if extent == .everything {
      MappingCheck.check(desiredState, catalog.extended(by: schemas), into: &linker.faults)
    }
    let diagnostics = remains.diagnostics + parts.flatMap(\.diagnostics) + linker.faults.diagnostics
    let quoter = SourceQuoter(
      sources: sources, fingerprints: remains.fingerprints, confidential: parts.flatMap(\.confidential))
    return Compilation(
      desiredState: desiredState, schemas: schemas,
      validation: Validation(
        diagnostics: quoter.quoting(diagnostics.inOrder().withoutRepetition),
        documents: parts.reduce(0) { $0 + $1.documents }))
  }
}
