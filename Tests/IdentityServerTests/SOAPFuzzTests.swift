import Foundation
import SeededRandom
import Testing

@testable import IdentityServer

/// Whatever is sent, the SOAP service answers it with a document of its own, and fails over nothing.
struct SOAPFuzzTests {
  @Test(arguments: 1...4)
  func brokenMessagesBringFaults(_ seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    try await withServer { server in
      let soap = SOAPClient(server: server)
      for _ in 1...120 {
        let bytes = mutated(message(soap, &random), &random)
        let answer = try await soap.post(bytes: bytes)
        let sent = String(decoding: bytes, as: UTF8.self)
        #expect([200, 202, 500].contains(answer.status), "\(sent)")
        #expect(answer.status == 202 || answer.content != nil, "\(sent)")
        #expect(!answer.faultText.contains("its log has the reason"), "\(sent)")
      }
    }
  }

  private func message(_ soap: SOAPClient, _ random: inout SplitMix64) -> String {
    guard let operation = UserStoreOperation.all.randomElement(using: &random) else { return "" }
    let parameters = operation.parameters.shuffled(using: &random).map { parameter in
      String(repeating: xml(parameter.field.name, value(&random)), count: Int.random(in: 0...2, using: &random))
    }
    return soap.envelope("<ser:\(operation.name)>\(parameters.joined())</ser:\(operation.name)>")
  }

  private func value(_ random: inout SplitMix64) -> String {
    let values = [
      "ann", "admin", "", " ", "true", "-1", "99999999999999999999", "*", "a*/b*", "Internal/", "Internal/everyone",
      "Application/x", "SECONDARY/ann", "http://wso2.org/claims/emailaddress", "http://wso2.org/claims/active",
      "http://wso2.org/claims/userid", "default", "]]>", "\u{FFFD}", String(repeating: "x", count: 300), "ü,",
    ]
    return values.randomElement(using: &random) ?? ""
  }

  private func mutated(_ text: String, _ random: inout SplitMix64) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 0...2, using: &random) where !bytes.isEmpty {
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
    "<!DOCTYPE a>", "<![CDATA[", "]]>", "<!--", "<?x?>", "&#0;", "&#xD800;", "&lt;", "&x;", "</", "/>", "xmlns:q=''",
    "\u{FEFF}", "<a xmlns='urn:b'>", "xsi:nil='true'", "<ser:claims/>", "'", "\"",
  ]
}
