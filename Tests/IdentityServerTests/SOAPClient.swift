import Foundation
import JSON
import NIOHTTP1
import SCIM
import Testing
import XML

@testable import IdentityServer

/// A client of the SOAP service that writes envelopes by hand.
struct SOAPClient {
  let server: ServerFixture
  var user: String? = "admin:admin"
  /// Shown instead of a user's password.
  var token: String?
  var version = SOAPVersion.soap11

  static let path = "/services/RemoteUserStoreManagerService"

  /// Calls an operation with the elements of its parameters.
  func call(_ operation: String, _ parameters: String = "") async throws -> SOAPAnswer {
    try await post(envelope("<ser:\(operation)>\(parameters)</ser:\(operation)>"))
  }

  func post(
    _ document: String, path: String = SOAPClient.path, contentType: String? = nil
  ) async throws -> SOAPAnswer {
    try await post(bytes: Array(document.utf8), path: path, contentType: contentType)
  }

  func post(bytes: [UInt8], path: String = SOAPClient.path, contentType: String? = nil) async throws -> SOAPAnswer {
    var headers = ["Content-Type": contentType ?? version.contentType]
    if let token {
      headers["Authorization"] = "Bearer \(token)"
    } else if let user {
      headers["Authorization"] = "Basic " + Data(user.utf8).base64EncodedString()
    }
    return SOAPAnswer(try await server.send(.POST, url: server.origin + path, bytes: bytes, headers: headers))
  }

  func envelope(_ body: String, header: String = "<soapenv:Header/>") -> String {
    """
    <soapenv:Envelope xmlns:soapenv="\(version.envelopeNamespace)" xmlns:ser="http://service.ws.um.carbon.wso2.org" \
    xmlns:cv="http://common.mgt.user.carbon.wso2.org/xsd" xmlns:dto="http://dao.service.ws.um.carbon.wso2.org/xsd" \
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\(header)<soapenv:Body>\(body)</soapenv:Body>\
    </soapenv:Envelope>
    """
  }
}

struct SOAPAnswer {
  let http: Answer
  /// The root of the document; nil when there is none.
  let root: MessageElement?

  init(_ http: Answer) {
    self.http = http
    root = http.bytes.isEmpty ? nil : try? MessageElement(parsing: http.bytes, charset: nil)
  }

  var status: Int { http.status }

  /// The element in the body.
  var content: MessageElement? { root?.children.first { $0.name == "Body" }?.children.first }

  /// The texts of the returned elements; nil stands for `xsi:nil`.
  var returned: [String?] {
    (content?.children ?? []).filter { $0.name == "return" }.map { $0.isNil ? nil : $0.text }
  }

  var fault: MessageElement? { content?.name == "Fault" ? content : nil }

  /// The text of a fault of either version.
  var faultText: String {
    fault?["faultstring"]?.text ?? fault?["Reason"]?["Text"]?.text ?? ""
  }
}

/// An element with text.
func xml(_ name: String, _ text: String, prefix: String = "ser") -> String {
  "<\(prefix):\(name)>\(XMLWriter.escaped(text))</\(prefix):\(name)>"
}

func claim(_ name: String, _ value: String) -> String {
  "<ser:claims>" + xml("claimURI", "http://wso2.org/claims/\(name)", prefix: "cv") + xml("value", value, prefix: "cv")
    + "</ser:claims>"
}

extension SOAPClient {
  /// The value of a claim as text; nil when the user has none.
  func claimValue(_ name: String, of user: String) async throws -> String? {
    let answer = try await call(
      "getUserClaimValue", xml("userName", user) + xml("claim", "http://wso2.org/claims/\(name)"))
    #expect(answer.status == 200, "\(answer.faultText)")
    return answer.returned.first ?? nil
  }

  func addUser(_ name: String, _ more: String = "") async throws -> SOAPAnswer {
    try await call("addUser", xml("userName", name) + xml("credential", "pass123") + more)
  }
}
