import JSON
import Reconciliation
import SCIM

/// What came of a set of manifests.
package struct Compilation: Sendable {
  /// What the manifests ask for, as far as they could be understood; only to be acted on when the compilation is valid.
  package var desiredState: DesiredState
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
    return link(compile(jobs(for: sources)), sources)
  }

  /// Compiles with as many tasks as `parallelism` says, at least one.
  package func compile(_ sources: [ManifestSource], parallelism: Int) async -> Compilation {
    let sources = sources.sorted { $0.path < $1.path }
    let batches = CompilationJob.batches(of: jobs(for: sources), count: max(parallelism, 1))
    let parts = await withTaskGroup(of: [(Int, CompiledPart)].self) { group in
      for batch in batches { group.addTask { compile(batch) } }
      return await group.reduce(into: []) { $0 += $1 }
    }
    return link(parts, sources)
  }

  private func jobs(for sources: [ManifestSource]) -> [CompilationJob] {
    var jobs: [CompilationJob] = []
    for source in sources {
      let slices = source.bytes.withUnsafeBufferPointer { SourceSlices.slices(of: $0, limits: limits) }
      for slice in slices { jobs.append(CompilationJob(index: jobs.count, source: source, slice: slice)) }
    }
    return jobs
  }

  /// Reads parts one after the other, with rules of their own.
  private func compile(_ jobs: [CompilationJob]) -> [(Int, CompiledPart)] {
    let compiler = PartCompiler(rules: RuleBook(catalog), variables: variables, limits: limits)
    return jobs.map { job in
      let part = FilePart(path: job.source.path, linesBefore: job.slice.linesBefore)
      let compiled = job.source.bytes.withUnsafeBufferPointer { bytes in
        compiler.compile(UnsafeBufferPointer(rebasing: bytes[job.slice.range]), of: part)
      }
      return (job.index, compiled)
    }
  }

  private func link(_ parts: [(Int, CompiledPart)], _ sources: [ManifestSource]) -> Compilation {
    let parts = parts.sorted { $0.0 < $1.0 }.map(\.1)
    var linker = Linker(parts)
    let desiredState = linker.link()
    let diagnostics = parts.flatMap(\.diagnostics) + linker.faults.diagnostics
    let quoter = SourceQuoter(sources: sources, confidential: parts.flatMap(\.confidential))
    return Compilation(
      desiredState: desiredState, diagnostics: quoter.quoting(diagnostics.inOrder()),
      documents: parts.reduce(0) { $0 + $1.documents })
  }
}

/// One part of a file to be read.
private struct CompilationJob: Sendable {
  /// The place of its result among the others.
  var index: Int
  var source: ManifestSource
  var slice: SourceSlices.Slice

  /// Divides jobs into batches of about the same size: the largest first, each to the batch that has least.
  static func batches(of jobs: [CompilationJob], count: Int) -> [[CompilationJob]] {
    var batches = Array(repeating: (size: 0, jobs: [CompilationJob]()), count: min(count, max(jobs.count, 1)))
    for job in jobs.sorted(by: { $0.slice.range.count > $1.slice.range.count }) {
      let least = batches.indices.min { batches[$0].size < batches[$1].size } ?? 0
      batches[least].size += job.slice.range.count
      batches[least].jobs.append(job)
    }
    return batches.map(\.jobs)
  }
}
