import NIOCore
import NIOHTTP1
import Reconciliation
import SeededRandom
import Testing
import XML

@testable import Endpoints

/// Whatever a provider answers, it is read as an answer or refused with one sentence.
@Suite struct SPML2FuzzTests {
  @Test(arguments: 0..<40 as Range<UInt64>)
  func answersAreReadOrRefused(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<100 {
      let bytes = mutated(Array((Self.answers.randomElement(using: &random) ?? "").utf8), &random)
      let status = [200, 500].randomElement(using: &random) ?? 200
      let answer = EndpointResponse(
        status: status, headers: ["Content-Type": "text/xml; charset=utf-8"], body: ByteBuffer(bytes: bytes))
      do throws(EndpointError) {
        let response = try SPMLResponse(answer, to: SPMLRequest("searchRequest", SPMLNamespace.search, id: "r1"))
        #expect(response.element.name == "searchResponse")
        _ = response.element.children.compactMap { SPMLObject($0) }
        _ = try SPMLView(try SPMLTarget.chosen(by: SPML2Settings(), in: response.element), SPML2Settings())
      } catch {
        #expect(!error.message.isEmpty && error.message.count < 600)
        #expect(!error.message.contains("\n"))
      }
    }
  }

  private static let answers: [String] = {
    let manners = SPMLTestServer.Manners()
    let target = SPMLTestMessages.target(manners)
    let names = ["core", "search"]
    let object = """
      <pso><psoID ID="a"><containerID ID="b"/></psoID><data><attr name="uid"><value>x</value></attr></data></pso>
      """
    return [
      SPMLTestMessages.envelope(
        "<searchResponse xmlns:spml='urn:oasis:names:tc:SPML:2:0' status='success'>\(target)</searchResponse>"),
      SPMLTestMessages.envelope("<searchResponse status='success'>\(object)<iterator ID='i'/></searchResponse>"),
      SPMLTestMessages.envelope(
        "<searchResponse status='failure' error='customError'><errorMessage>\(names)</errorMessage></searchResponse>"),
      SPMLTestMessages.fault("Server", "busy"),
    ]
  }()

  private func mutated(_ document: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    var bytes = document
    for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
      let position = bytes.indices.randomElement(using: &random) ?? 0
      switch Int.random(in: 0...3, using: &random) {
      case 0: bytes[position] = UInt8.random(in: .min ... .max, using: &random)
      case 1: bytes.removeSubrange(position..<min(position + Int.random(in: 1...40, using: &random), bytes.count))
      case 2: bytes.insert(contentsOf: bytes[position...].prefix(60), at: position)
      default: bytes.insert(contentsOf: Array((Self.fragments.randomElement(using: &random) ?? "").utf8), at: position)
      }
    }
    return bytes
  }

  private static let fragments = [
    "<!DOCTYPE a>", "<![CDATA[", "]]>", "<!--", "&x;", "</", "/>", " ID=''", " status='pending'", " error='x'",
    "<psoID/>", "<pso>", "</pso>", " name=''", " required='1'", "<superiorClasses><c name='user'/></superiorClasses>",
    " xsi:type='base64Binary'", "\u{0}", "é",
  ]
}
