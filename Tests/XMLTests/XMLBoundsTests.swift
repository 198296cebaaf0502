import Testing
import XML

/// What is refused before the system's parser may see it.
struct XMLBoundsTests {
  @Test(arguments: [
    "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><a>&b;</a>",
    "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "<?xml version=\"1.0\"?>\n<!DOCTYPE a><a/>",
    "<!-- - --> <!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>", "<?go away?><a/>",
    "<a><?go away?></a>", "<a><!ELEMENT b ANY></a>",
  ])
  func documentTypesAndInstructionsAreRefused(_ document: String) {
    #expect(failure(of: document)?.description.hasPrefix("it has a ") == true)
  }

  @Test(arguments: [
    "", " ", "text", "<a", "<a>", "</a>", "<a/><b/>", "<a></b>", "<a><b></a>", "<a b='1' b='2'/>", "<unbound:a/>",
    "<a>&undefined;</a>", "<a>\u{1}</a>", "<a>&#0;</a>", "<a>]]>&amp</a>", "<!--", "<a><!--></a>", "<a><![CDATA[</a>",
    "<a b\"<?x?>\"/>", "<a b='<c/>'/>", "<?xml version='1.0'",
  ])
  func whatIsNotWellFormedIsRefused(_ document: String) {
    #expect(failure(of: document) != nil)
  }

  @Test func theLimitsAreTheLimits() throws {
    let limits = XMLBounds.Limits(maxDepth: 3, maxElements: 5, maxTagLength: 20)
    #expect(failure(of: "<a><b><c/></b></a>", limits) == nil)
    #expect(failure(of: "<a><b><c>x</c></b></a>", limits) == nil)
    #expect(
      failure(of: "<a><b><c><d>x</d></c></b></a>", limits)?.description == "it is nested deeper than 3 elements")
    #expect(failure(of: "<a><b/><b/><b/><b/></a>", limits) == nil)
    #expect(failure(of: "<a><b/><b/><b/><b/><b/></a>", limits)?.description == "it has more than 5 elements")
    #expect(failure(of: "<a b='12345678901'/>", limits)?.description == nil)
    #expect(failure(of: "<a b='123456789012'/>", limits)?.description == "a tag is longer than 20 bytes")
  }

  /// Inside comments, CDATA sections and quotes no tag begins.
  @Test func whatOnlyLooksLikeMarkupCountsForNothing() throws {
    let limits = XMLBounds.Limits(maxDepth: 1, maxElements: 1, maxTagLength: 20)
    let element = try MessageElement(
      parsing: Array("<!-- <b> --><a c='>'>x<![CDATA[<b><!DOCTYPE>]]></a>".utf8), charset: nil, limits: limits)
    #expect(element.text == "x<b><!DOCTYPE>")
    #expect(element.attributes == ["c": ">"])
  }

  private func failure(of document: String, _ limits: XMLBounds.Limits = XMLBounds.Limits()) -> XMLFailure? {
    do throws(XMLFailure) {
      _ = try MessageElement(parsing: Array(document.utf8), charset: nil, limits: limits)
      return nil
    } catch {
      return error
    }
  }
}
