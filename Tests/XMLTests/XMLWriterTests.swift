import Testing
import XML

/// What is written, character by character.
struct XMLWriterTests {
  @Test func elementsNest() {
    var writer = XMLWriter()
    let namespaces = [XMLNamespace("p", "urn:a&b"), .schemaInstance]
    writer.elementDeclaring("p:a", namespaces, [("b", "<"), ("c", nil)]) { writer in
      writer.element("p:d") { $0.empty("p:e", ["f": "g"]) }
      writer.leaf("p:h", "i > j & \"k\"", ["l": "m\nn"])
    }
    #expect(
      writer.text == """
        <?xml version="1.0" encoding="UTF-8"?><p:a b="&lt;" xmlns:p="urn:a&amp;b" \
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><p:d><p:e f="g"/></p:d>\
        <p:h l="m&#10;n">i &gt; j &amp; &quot;k&quot;</p:h></p:a>
        """)
  }

  @Test func whatXMLCannotHoldIsReplaced() {
    #expect(XMLWriter.escaped("a\u{0}\u{1F}\u{FFFE}\u{FFFF}\r\t") == "a\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}&#13;&#9;")
  }
}
