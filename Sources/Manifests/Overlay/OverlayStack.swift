import Reconciliation

/// One overlay: what it lays over the documents that it stands on.
package struct OverlayLayer: Hashable, Sendable {
  /// A change to the documents that a target names.
  struct Patch: Hashable, Sendable {
    struct Target: Hashable, Sendable {
      /// nil: every kind.
      var kind: String?
      /// nil: every name.
      var name: String?
      var labels: [String: String]
      var mark: YAMLMark
    }

    var target: Target
    /// What is laid over the `spec`.
    var spec: YAMLNode?
    /// What is laid over `metadata.labels`.
    var labels: YAMLNode?
    /// Whether the documents are left out.
    var removes: Bool
  }

  /// The file of the overlay, and the line that its document starts on.
  var path: String
  var line: Int
  var patches: [Patch]
  /// Labels that every document gets.
  var labels: [YAMLEntry]
  var variables: [String: String]
}

/// A patch of an overlay, by its place.
struct PatchID: Hashable, Sendable {
  var path: String
  var index: Int
}

/// The overlays that lie over one file, the innermost first. Marks of their nodes bear the place of their overlay in this
/// order as their origin, from 1 on, so that a diagnostic can point at the file that a value came from.
package struct OverlayStack: Hashable, Sendable {
  /// More overlays than this over one another are a mistake; marks have room for no more than 63.
  static let maxDepth = 32

  private(set) var layers: [OverlayLayer] = []

  var paths: [String] { layers.map(\.path) }

  /// This stack with another overlay below.
  func standing(on layer: OverlayLayer) -> OverlayStack {
    OverlayStack(layers: ([layer] + layers).enumerated().map { $1.moved(to: $0 + 1) })
  }

  /// Whether the overlay in this file, at this line, is the one that the files around it belong to.
  func isAt(_ location: SourceLocation) -> Bool {
    layers.first.map { $0.path == location.file && $0.line == location.line } ?? false
  }

  /// The variables of the surroundings with those of the overlays; outer ones win.
  func variables(over surroundings: [String: String]) -> [String: String] {
    let scope = FileScope(FilePart(path: ""))
    let expander = VariableExpander(variables: surroundings, scope: scope)
    return layers.reduce(into: surroundings) { result, layer in
      for (name, text) in layer.variables {
        result[name] = expander.expanded(YAMLNode(.scalar(text, isPlain: false), at: YAMLMark(line: 1, column: 1))).text
      }
    }
  }

  /// The same with variables put in. What has no value is told of where the overlay itself is read.
  func expanded(with variables: [String: String]) -> OverlayStack {
    let expander = VariableExpander(variables: variables, scope: FileScope(FilePart(path: "")))
    var stack = self
    for index in stack.layers.indices {
      for patch in stack.layers[index].patches.indices {
        let before = stack.layers[index].patches[patch]
        stack.layers[index].patches[patch].spec = before.spec.map(expander.expanded)
        stack.layers[index].patches[patch].labels = before.labels.map(expander.expanded)
      }
      stack.layers[index].labels = layers[index].labels.map {
        YAMLEntry(key: $0.key, keyMark: $0.keyMark, value: expander.expanded($0.value))
      }
    }
    return stack
  }
}

extension OverlayLayer {
  fileprivate func moved(to origin: Int) -> OverlayLayer {
    var layer = self
    layer.labels = labels.map { $0.moved(to: origin) }
    for index in layer.patches.indices {
      layer.patches[index].spec = patches[index].spec?.moved(to: origin)
      layer.patches[index].labels = patches[index].labels?.moved(to: origin)
    }
    return layer
  }
}

extension YAMLNode {
  /// The node with all marks in it as marks of another file.
  fileprivate func moved(to origin: Int) -> YAMLNode {
    let content: Content =
      switch content {
      case .scalar: content
      case .sequence(let items): .sequence(items.map { $0.moved(to: origin) })
      case .mapping(let entries): .mapping(entries.map { $0.moved(to: origin) })
      }
    return YAMLNode(content, at: mark.moved(to: origin))
  }
}

extension YAMLEntry {
  fileprivate func moved(to origin: Int) -> YAMLEntry {
    YAMLEntry(key: key, keyMark: keyMark.moved(to: origin), value: value.moved(to: origin))
  }
}
