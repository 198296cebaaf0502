import XML

/// The description of the service (WSDL 1.1), written from the table of operations.
struct WSDL {
  /// The address of the service as the client knows it: `https://localhost:9443/services/RemoteUserStoreManagerService`.
  let address: String

  private static let service = SOAPService.name
  private static let tns = SOAPNamespace.service.prefix

  var document: String {
    var writer = XMLWriter()
    writer.element("wsdl:definitions", Self.namespaces) { writer in
      writer.leaf("wsdl:documentation", Self.service)
      writer.element("wsdl:types") { writer in
        for schema in SOAPSchema.all { schema.write(to: &writer) }
      }
      writeMessages(&writer)
      writePortType(&writer)
      for port in SOAPPort.allCases { writeBinding(port, &writer) }
      writer.element("wsdl:service", ["name": Self.service]) { writer in
        for port in SOAPPort.allCases { writePort(port, &writer) }
      }
    }
    return writer.text
  }

  private static let namespaces: KeyValuePairs<String, String?> = [
    "xmlns:wsdl": "http://schemas.xmlsoap.org/wsdl/", "xmlns:xs": "http://www.w3.org/2001/XMLSchema",
    "xmlns:soap": "http://schemas.xmlsoap.org/wsdl/soap/", "xmlns:soap12": "http://schemas.xmlsoap.org/wsdl/soap12/",
    "xmlns:http": "http://schemas.xmlsoap.org/wsdl/http/", "xmlns:mime": "http://schemas.xmlsoap.org/wsdl/mime/",
    "xmlns:\(tns)": SOAPNamespace.service.rawValue, "targetNamespace": SOAPNamespace.service.rawValue,
  ]

  private func writeMessages(_ writer: inout XMLWriter) {
    for operation in UserStoreOperation.all {
      writeMessage("\(operation.name)Request", operation.name, &writer)
      if operation.returns != nil { writeMessage(operation.responseName, operation.responseName, &writer) }
    }
    writeMessage(SOAPFault.elementName, SOAPFault.elementName, &writer)
  }

  private func writeMessage(_ name: String, _ element: String, _ writer: inout XMLWriter) {
    writer.element("wsdl:message", ["name": name]) { writer in
      writer.empty("wsdl:part", ["name": "parameters", "element": "\(Self.tns):\(element)"])
    }
  }

  /// An operation without an answer has an input and a fault only, as WSO2 describes it.
  private func writePortType(_ writer: inout XMLWriter) {
    writer.element("wsdl:portType", ["name": "\(Self.service)PortType"]) { writer in
      for operation in UserStoreOperation.all {
        writer.element("wsdl:operation", ["name": operation.name]) { writer in
          writer.empty("wsdl:input", ["message": "\(Self.tns):\(operation.name)Request"])
          if operation.returns != nil {
            writer.empty("wsdl:output", ["message": "\(Self.tns):\(operation.responseName)"])
          }
          writer.empty(
            "wsdl:fault", ["message": "\(Self.tns):\(SOAPFault.elementName)", "name": SOAPFault.elementName])
        }
      }
    }
  }

  private func writeBinding(_ port: SOAPPort, _ writer: inout XMLWriter) {
    let attributes: KeyValuePairs<String, String?> = [
      "name": "\(Self.service)\(port.binding)", "type": "\(Self.tns):\(Self.service)PortType",
    ]
    writer.element("wsdl:binding", attributes) { writer in
      if let prefix = port.soapPrefix {
        writer.empty(
          "\(prefix):binding", ["transport": "http://schemas.xmlsoap.org/soap/http", "style": "document"])
      } else {
        writer.empty("http:binding", ["verb": "POST"])
      }
      for operation in UserStoreOperation.all { writeOperation(operation, port, &writer) }
    }
  }

  private func writeOperation(_ operation: UserStoreOperation, _ port: SOAPPort, _ writer: inout XMLWriter) {
    writer.element("wsdl:operation", ["name": operation.name]) { writer in
      if let prefix = port.soapPrefix {
        writer.empty("\(prefix):operation", ["soapAction": "urn:\(operation.name)", "style": "document"])
      } else {
        writer.empty("http:operation", ["location": operation.name])
      }
      for part in operation.returns == nil ? ["input"] : ["input", "output"] {
        writer.element("wsdl:\(part)") { writer in
          if let prefix = port.soapPrefix {
            writer.empty("\(prefix):body", ["use": "literal"])
          } else {
            writer.empty("mime:content", ["type": "text/xml", "part": "parameters"])
          }
        }
      }
      guard let prefix = port.soapPrefix else { return }
      writer.element("wsdl:fault", ["name": SOAPFault.elementName]) { writer in
        writer.empty("\(prefix):fault", ["use": "literal", "name": SOAPFault.elementName])
      }
    }
  }

  private func writePort(_ port: SOAPPort, _ writer: inout XMLWriter) {
    let attributes: KeyValuePairs<String, String?> = [
      "name": port.name, "binding": "\(Self.tns):\(Self.service)\(port.binding)",
    ]
    writer.element("wsdl:port", attributes) { writer in
      writer.empty("\(port.soapPrefix ?? "http"):address", ["location": "\(address).\(port.name)/"])
    }
  }
}

/// A port of the service; each has an address of its own, and the service's own address takes what the SOAP ones do.
enum SOAPPort: String, Hashable, Sendable, CaseIterable {
  case soap11 = "HttpsSoap11Endpoint"
  case soap12 = "HttpsSoap12Endpoint"
  /// Without envelopes.
  case http = "HttpsEndpoint"

  /// The name as WSO2 has it, also where the server speaks plain HTTP.
  var name: String { SOAPService.name + rawValue }

  fileprivate var binding: String {
    switch self {
    case .soap11: "Soap11Binding"
    case .soap12: "Soap12Binding"
    case .http: "HttpBinding"
    }
  }

  fileprivate var soapPrefix: String? {
    switch self {
    case .soap11: "soap"
    case .soap12: "soap12"
    case .http: nil
    }
  }
}
