import SeededRandom
import Testing
import XML

struct XMLFuzzTests {
  /// Text that is read back is what was written, or its replacement.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func textsSurvive(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 1...100 {
      let text = randomText(&random)
      var writer = XMLWriter()
      writer.leaf("a", text, ["b": text])
      let element = try MessageElement(parsing: Array(writer.text.utf8), charset: nil)
      let expected = String(String.UnicodeScalarView(text.unicodeScalars.map { Self.isXML($0) ? $0 : "\u{FFFD}" }))
      #expect(element.text.unicodeScalars.elementsEqual(expected.unicodeScalars))
      #expect(element.attributes["b"].map { $0.unicodeScalars.elementsEqual(expected.unicodeScalars) } == true)
    }
  }

  /// A document that is written out again is read as the same document.
  @Test(arguments: 0..<50 as Range<UInt64>)
  func documentsSurvive(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let document = randomDocument(&random)
    let element = try MessageElement(parsing: Array(document.utf8), charset: nil)
    #expect(try MessageElement(parsing: Array(rewritten(element).utf8), charset: nil) == element)
  }

  /// A damaged document is an element or a failure, never a crash.
  @Test(arguments: 0..<50 as Range<UInt64>)
  func damageIsSurvived(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let document = Array(randomDocument(&random).utf8)
    for _ in 0..<100 {
      let damaged = mutated(document, &random)
      do throws(XMLFailure) {
        let element = try MessageElement(parsing: damaged, charset: nil)
        #expect(!element.name.isEmpty)
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }

  /// XML 1.0 section 2.2.
  private static func isXML(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x1_0000...0x10_FFFF: true
    default: false
    }
  }

  private func randomText(_ random: inout SplitMix64) -> String {
    let scalars = (0..<Int.random(in: 0...20, using: &random)).compactMap { _ in
      Unicode.Scalar(UInt32.random(in: 0...(Bool.random(using: &random) ? 0x7F : 0x1_0FFF), using: &random))
    }
    return String(String.UnicodeScalarView(scalars))
  }

  private func randomDocument(_ random: inout SplitMix64) -> String {
    var writer = XMLWriter()
    writer.elementDeclaring("p:root", [XMLNamespace("p", "urn:p"), XMLNamespace("q", "urn:q")]) {
      writeRandomly(to: &$0, depth: 4, &random)
    }
    return writer.text
  }

  private func writeRandomly(to writer: inout XMLWriter, depth: Int, _ random: inout SplitMix64) {
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      let name = ["p:a", "q:a", "b"].randomElement(using: &random) ?? "b"
      switch depth > 0 ? Int.random(in: 0...2, using: &random) : 0 {
      case 0: writer.leaf(name, randomText(&random), ["c": randomText(&random)])
      case 1: writer.empty(name, ["c": randomText(&random), "d": nil])
      default: writer.element(name) { writeRandomly(to: &$0, depth: depth - 1, &random) }
      }
    }
  }

  private func rewritten(_ element: MessageElement) -> String {
    var writer = XMLWriter()
    write(element, to: &writer)
    return writer.text
  }

  /// An element is written with its namespace as the default one; what is parsed has text or children, not both.
  private func write(_ element: MessageElement, to writer: inout XMLWriter) {
    let attributes: KeyValuePairs<String, String?> = ["xmlns": element.namespace, "c": element.attributes["c"]]
    if element.children.isEmpty {
      writer.leaf(element.name, element.text, attributes)
    } else {
      writer.element(element.name, attributes) { writer in
        for child in element.children { write(child, to: &writer) }
      }
    }
  }

  private func mutated(_ document: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    var bytes = document
    for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
      let position = bytes.indices.randomElement(using: &random) ?? 0
      switch Int.random(in: 0...3, using: &random) {
      case 0: bytes[position] = UInt8.random(in: .min ... .max, using: &random)
      case 1: bytes.remove(at: position)
      case 2: bytes.insert(contentsOf: bytes[position...].prefix(30), at: position)
      default: bytes.insert(contentsOf: Array((Self.fragments.randomElement(using: &random) ?? "").utf8), at: position)
      }
    }
    return bytes
  }

  private static let fragments = [
    "<!DOCTYPE a>", "<![CDATA[", "]]>", "<!--", "-->", "<?x?>", "&#0;", "&#xD800;", "&lt;", "&x;", "</", "/>",
    "xmlns:q=''", "\u{FEFF}", "<a xmlns='urn:b'>", "xsi:nil='true'", "'", "\"", "<?xml version='1.0' encoding='x'?>",
  ]
}
