import Foundation
import Testing
import XML

/// What is read of a document, and in which encodings.
struct MessageElementTests {
  @Test func namesAreReadApartFromTheirPrefixes() throws {
    let element = try read(
      """
      <p:a xmlns:p="urn:a" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" p:c="1" d="2">t<b xmlns="urn:b"/>\
      <p:b>x<!-- y --><![CDATA[<z>]]></p:b>u<n xsi:nil="true"/></p:a>
      """)
    #expect(element.name == "a")
    #expect(element.namespace == "urn:a")
    #expect(element.text == "tu")
    #expect(element.children.map(\.namespace) == ["urn:b", "urn:a", ""])
    #expect(element["b"]?.namespace == "urn:b")
    #expect(element.children[1].text == "x<z>")
    #expect(element.attribute("c") == "1")
    #expect(element.attribute("d") == "2")
    #expect(element.attribute("e") == nil)
    #expect(element["n"]?.isNil == true)
    #expect(!element.isNil)
    #expect(element["c"] == nil)
  }

  @Test(arguments: [
    ("utf-8", nil as String?, String.Encoding.utf8), ("UTF-8", "utf-8", .utf8), ("iso-8859-1", nil, .isoLatin1),
    ("utf-8", "ISO-8859-1", .isoLatin1), ("utf-16", nil, .utf16), ("utf-16", nil, .utf16LittleEndian),
    ("utf-16be", nil, .utf16BigEndian),
  ])
  func encodingsAreThoseThatAreNamed(_ declared: String, _ charset: String?, _ encoding: String.Encoding) throws {
    let text = "<?xml version=\"1.0\" encoding=\"\(declared)\"?><a>José</a>"
    let bytes = Array(try #require(text.data(using: encoding)))
    #expect(try MessageElement(parsing: bytes, charset: charset).text == "José")
  }

  @Test func whatIsNotInItsEncodingIsRefused() {
    let declared = Array("<?xml version='1.0' encoding='utf-7'?><a/>".utf8)
    #expect(throws: XMLFailure("the encoding utf-7 is not known here; send UTF-8")) {
      try MessageElement(parsing: declared, charset: nil)
    }
    let other = XMLFailure("the bytes are not in the encoding that the message names")
    #expect(throws: other) { try MessageElement(parsing: Array("<a>".utf8) + [0xFF], charset: nil) }
    #expect(throws: other) { try MessageElement(parsing: Array("<a>é</a>".utf8), charset: "us-ascii") }
  }

  private func read(_ document: String) throws -> MessageElement {
    try MessageElement(parsing: Array(document.utf8), charset: nil)
  }
}
