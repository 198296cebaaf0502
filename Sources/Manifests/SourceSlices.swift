/// Cuts a file into parts that can be read by themselves, so that one large file keeps more than one core busy.
///
/// A line of three hyphens always begins a document (YAML 1.2 section 9.1.2), even inside what looks like a block
/// scalar, so a cut there changes nothing but this: a document that is not well-formed no longer hides the faults of
/// those in the parts after it. The cuts depend on the file alone, and so do the diagnostics.
struct SourceSlices {
  struct Slice {
    var range: Range<Int>
    var linesBefore: Int
  }

  /// Parts are at least this long, in bytes.
  static let minimumLength = 128 << 10

  /// A file that is refused whole stays whole, and so does one with directives: they belong to the document after them.
  static func slices(of bytes: UnsafeBufferPointer<UInt8>, limits: YAMLReader.Limits) -> [Slice] {
    guard bytes.count > minimumLength, YAMLSource(bytes: bytes).refusal(limits) == nil, !hasDirectives(bytes) else {
      return [Slice(range: 0..<bytes.count, linesBefore: 0)]
    }
    let lines = SourceLines(bytes: bytes)
    var slices: [Slice] = []
    var start = 0
    var linesBefore = 0
    while let cut = boundary(in: bytes, from: start + minimumLength) {
      slices.append(Slice(range: start..<cut, linesBefore: linesBefore))
      linesBefore += lines.count(in: start..<cut)
      start = cut
    }
    slices.append(Slice(range: start..<bytes.count, linesBefore: linesBefore))
    return slices
  }

  /// Whether a line begins with a percent sign.
  private static func hasDirectives(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var rest = bytes[...]
    while let percent = rest.firstIndex(of: UInt8(ascii: "%")) {
      if percent == 0 || bytes[percent - 1] == UInt8(ascii: "\n") { return true }
      rest = rest[(percent + 1)...]
    }
    return false
  }

  /// Where the first document from `start` on begins that has its `---` on a line of its own; nil when there is none.
  private static func boundary(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    let marker = Array("\n---\n".utf8)
    var index = start
    while index + marker.count <= bytes.count {
      if bytes[index] == marker[0], marker.indices.allSatisfy({ bytes[index + $0] == marker[$0] }) { return index + 1 }
      index += 1
    }
    return nil
  }
}
