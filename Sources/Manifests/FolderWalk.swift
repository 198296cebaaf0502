import Foundation
import Reconciliation

/// One walk over files and folders: what it found, and where it has been, by the real path, so that a link cannot lead it in
/// circles or to the same file twice.
struct FolderWalk {
  private static let extensions: Set<String> = ["yaml", "yml"]

  var contents = ManifestFolder.Contents(sources: [], diagnostics: [])
  private var visited: Set<String> = []
  /// The overlays that lie over what is found now; nil outside of any.
  private var overlays: OverlayStack?
  /// The real paths of the overlays on the way here, with what they are called.
  private var chain: [(real: String, path: String)] = []

  /// - Parameter place: where it lies in the folder that was named; empty for what was named itself.
  mutating func visit(_ path: String, place: String = "") {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return report(.unreadable, "there is no such file or folder", path)
    }
    let isManifest = place.isEmpty || Self.extensions.contains(URL(fileURLWithPath: path).pathExtension)
    guard isFolder.boolValue || isManifest, visited.insert(realPath(path)).inserted else { return }
    if isFolder.boolValue {
      visitFolder(path, place: place)
    } else if URL(fileURLWithPath: path).lastPathComponent == ManifestFolder.settingsFile {
      checkSettings(path, isNamed: place.isEmpty)
    } else if ManifestSource.isStream(path) {
      // Whoever waits for one that merely lies there may wait for ever.
      guard place.isEmpty else { return report(.unreadable, "a pipe or device is read only when -f names it", path) }
      takeStream(path)
    } else if place.isEmpty, let overlay = OverlayFile(at: path) {
      visit(overlay, at: path) { $0.take(path, place: "") }
    } else {
      take(path, place: place)
    }
  }

  private mutating func take(_ path: String, place: String) {
    var source = ManifestSource(path: path, place: place.isEmpty ? nil : place)
    source.overlays = overlays
    contents.sources.append(source)
  }

  /// What can be read but once is read now: a pipe of the shell, `-f <(render)`.
  private mutating func takeStream(_ path: String) {
    do {
      contents.sources.append(ManifestSource(path: path, bytes: try ManifestSource(path: path).bytes()))
    } catch {
      report(.unreadable, "the file cannot be read: \(error.reason)", path)
    }
  }

  /// The settings file is passed by, but documents in it must not be lost without a word.
  private mutating func checkSettings(_ path: String, isNamed: Bool) {
    let bytes = (try? ManifestSource(path: path).bytes()) ?? []
    let hasDocuments = bytes.split(separator: UInt8(ascii: "\n")).contains { $0.starts(with: "apiVersion:".utf8) }
    if hasDocuments || isNamed {
      report(.unreadable, "a file of this name holds settings and is never a manifest: name it otherwise", path)
    }
  }

  private mutating func visitFolder(_ path: String, place: String) {
    let before = contents.sources.count
    do {
      let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") }.sorted()
      if place.isEmpty, let overlay = overlay(in: path, names) {
        visit(overlay, at: path) { $0.visit(names, in: path, place: place) }
      } else {
        visit(names, in: path, place: place)
      }
    } catch {
      return report(.unreadable, "the folder cannot be read: \(error.reason)", path)
    }
    if place.isEmpty, contents.sources.count == before {
      report(.noManifests, "there is no manifest in this folder: no *.yaml or *.yml file", path)
    }
  }

  private mutating func visit(_ names: [String], in folder: String, place: String) {
    for name in names { visit(joined(folder, name), place: place.isEmpty ? name : "\(place)/\(name)") }
  }

  private mutating func report(_ code: DiagnosticCode, _ message: String, _ path: String) {
    contents.diagnostics.append(.unreadable(path, message, code))
  }

  private func realPath(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

  private func joined(_ folder: String, _ name: String) -> String {
    folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }
}

// MARK: Overlays

extension FolderWalk {
  private func overlay(in folder: String, _ names: [String]) -> OverlayFile? {
    let files = names.filter { Self.extensions.contains(URL(fileURLWithPath: $0).pathExtension) }
    return files.lazy.map { joined(folder, $0) }.compactMap { OverlayFile(at: $0) }.first
  }

  /// Visits what an overlay stands on, then what is its own.
  private mutating func visit(_ overlay: OverlayFile, at path: String, own: (inout FolderWalk) -> Void) {
    let outer = overlays
    overlays = (outer ?? OverlayStack()).standing(on: overlay.draft.layer)
    chain.append((realPath(path), path))
    for resource in overlay.draft.resources { stand(on: resource, overlay) }
    own(&self)
    chain.removeLast()
    overlays = outer
  }

  private mutating func stand(on resource: OverlayReader.Draft.Resource, _ overlay: OverlayFile) {
    let folder = overlay.path.lastIndex(of: "/").map { overlay.path[...$0] } ?? ""
    let path = resource.path.hasPrefix("/") ? resource.path : Self.shortened(folder + resource.path)
    guard FileManager.default.fileExists(atPath: path) else {
      return report(.unreadable, "there is no such file or folder: \(path)", at: resource, overlay)
    }
    let real = realPath(path)
    if let start = chain.firstIndex(where: { $0.real == real }) {
      let circle = (chain[start...].map(\.path) + [path]).joined(separator: " → ")
      return report(.overlayCycle, "the overlay stands on itself: \(circle)", at: resource, overlay)
    }
    guard !visited.contains(real) else {
      return report(.repeatedFile, "\(path) is there already", at: resource, overlay)
    }
    guard chain.count < OverlayStack.maxDepth else {
      return report(
        .beyondLimits, "more than \(OverlayStack.maxDepth) overlays stand on one another", at: resource, overlay)
    }
    visit(path)
  }

  /// `overlays/prod/../../base` is `base`, seen from where we are.
  private static func shortened(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    let joined = parts.joined(separator: "/")
    return path.hasPrefix("/") ? "/\(joined)" : joined.isEmpty ? "." : joined
  }

  private mutating func report(
    _ code: DiagnosticCode, _ message: String, at resource: OverlayReader.Draft.Resource, _ overlay: OverlayFile
  ) {
    contents.diagnostics.append(
      Diagnostic(
        code.severity, code.rawValue, message, at: FilePart(path: overlay.path).location(resource.mark),
        length: Int(resource.mark.length)))
  }
}
