import Foundation
import Reconciliation

extension Linker {
  /// Reports every patch that found no document.
  /// - Parameter used: the patches that found one.
  mutating func checkPatches(of sources: [ManifestSource], used: Set<PatchID>) {
    let layers = Set(sources.flatMap { $0.overlays?.layers ?? [] }.map(\.unplaced))
    for layer in layers.sorted(by: { $0.path < $1.path }) {
      for (index, patch) in layer.patches.enumerated() where !used.contains(PatchID(path: layer.path, index: index)) {
        faults.report(
          .unmatchedPatch, "there is no \(patch.target.words) to patch",
          at: FilePart(path: layer.path).location(patch.target.mark), length: Int(patch.target.mark.length),
          hint: hint(for: patch.target))
      }
    }
  }

  private func hint(for target: OverlayLayer.Patch.Target) -> String? {
    guard let kind = target.kind, let name = target.name else { return nil }
    return names.hint(for: ResourceKey(kind, name))
  }
}

extension OverlayLayer {
  /// The layer without what depends on the files that it lies over.
  fileprivate var unplaced: OverlayLayer {
    var layer = self
    layer.labels = []
    for index in layer.patches.indices {
      layer.patches[index].spec = nil
      layer.patches[index].labels = nil
    }
    return layer
  }
}

extension OverlayLayer.Patch.Target {
  fileprivate var words: String {
    let name = name.map { " named `\($0)`" } ?? ""
    let selector = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    return (kind ?? "document") + name + (selector.isEmpty ? "" : " with the labels \(selector)")
  }
}
