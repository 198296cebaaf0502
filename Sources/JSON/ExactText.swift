/// A text by its bytes. Swift takes texts for equal that Unicode calls equivalent, such as the Kelvin sign and the letter K;
/// what decides about access must be the same byte by byte.
package struct ExactText: Hashable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (one: ExactText, other: ExactText) -> Bool { one.text.isExactly(other.text) }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(UInt8.max)
  }
}

extension StringProtocol {
  /// Whether the texts are the same, byte by byte.
  @inlinable package func isExactly(_ other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }

  /// The text with `A` to `Z` in lower case and everything else as it is.
  @inlinable package var asciiLowercased: String {
    String(decoding: utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  @inlinable package var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
}
