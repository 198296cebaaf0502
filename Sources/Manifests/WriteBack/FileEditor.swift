import JSON
import Reconciliation
import SCIM

/// Why a difference cannot be written into a document, and where the reason stands.
struct Obstacle: Error {
  var reason: String
  /// A character of the file; nil for the document as a whole.
  var place: Int?

  init(_ reason: String, at place: Int? = nil) {
    self.reason = reason
    self.place = place
  }
}

/// Changes the documents of one file as they are written, so that comments and layout stay.
struct FileEditor {
  private let source: ManifestSource
  private let bytes: [UInt8]
  private let catalog: SchemaCatalog
  /// Everything that manifests describe.
  private let keys: Set<ResourceKey>
  private var syntax: SyntaxReader.File
  private(set) var remainders: [WriteBack.Remainder] = []
  private var isChanged = false

  init(_ source: ManifestSource, catalog: SchemaCatalog, keys: Set<ResourceKey>) throws {
    self.source = source
    self.catalog = catalog
    self.keys = keys
    bytes = try source.bytes()
    syntax = try SyntaxReader.file(bytes)
  }

  /// What the file becomes; nil when nothing changes.
  var file: WriteBack.File? {
    guard isChanged else { return nil }
    let before = String(decoding: bytes, as: UTF8.self)
    let canonical = (try? SyntaxReader.file(bytes)).map { LayoutWriter.text(of: $0.documents.map(\.inCanonicalOrder)) }
    return WriteBack.File(
      path: source.path, before: before, after: LayoutWriter.text(of: syntax.documents.map(\.inCanonicalOrder)),
      isReformatted: canonical != before)
  }

  mutating func carryOut(_ wish: Wish) {
    let isMembership = SpecEditor.memberships(of: catalog.resourceType(wish.key.kind), catalog).contains(wish.path)
    for wish in isMembership ? wish.oneByOne : [wish] {
      do throws(Obstacle) {
        try write(wish)
        isChanged = true
      } catch {
        remainders.append(
          WriteBack.Remainder(
            key: wish.key, path: wish.path, reason: error.reason,
            location: error.place.map(location) ?? wish.source))
      }
    }
  }

  private mutating func write(_ wish: Wish) throws(Obstacle) {
    guard let index = syntax.documents.firstIndex(where: { begins($0, at: wish.source) }),
      var root = syntax.documents[index].root?.collection
    else { throw Obstacle("its document is not found in the file again") }
    let type = catalog.resourceType(wish.key.kind)
    try root.editMapping("spec") { (spec) throws(Obstacle) in
      let editor = SpecEditor(type: type, catalog: catalog, keys: keys)
      if ManifestKind(rawValue: wish.key.kind) == nil {
        try spec.editMapping("attributes") { (attributes) throws(Obstacle) in try editor.write(wish, into: &attributes)
        }
      } else {
        try editor.write(wish, into: &spec)
      }
    }
    syntax.documents[index].root?.content = .collection(root)
  }

  private func begins(_ document: SyntaxDocument, at location: SourceLocation) -> Bool {
    document.root.map { self.location($0.range.lowerBound).line == location.line } ?? false
  }

  private func location(_ index: Int) -> SourceLocation {
    let place = syntax.text.place(of: index)
    return SourceLocation(file: source.path, line: place.line + 1, column: place.column + 1)
  }
}

extension Wish {
  /// Each member for itself, so that one who cannot be written keeps nobody back; those who come first.
  fileprivate var oneByOne: [Wish] {
    func wishes(_ members: JSONValue?, _ side: WritableKeyPath<Wish, JSONValue?>) -> [Wish] {
      (members?.array ?? []).map { member in
        var wish = self
        (wish.live, wish.desired) = (nil, nil)
        wish[keyPath: side] = [member]
        return wish
      }
    }
    return wishes(live, \.live) + wishes(desired, \.desired)
  }
}
