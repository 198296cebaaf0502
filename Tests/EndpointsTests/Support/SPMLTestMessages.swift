import Foundation
import XML

@testable import Endpoints

/// How the test provider writes its answers.
enum SPMLTestMessages {
  static func envelope(_ content: String) -> String {
    "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header/><s:Body>\(content)</s:Body></s:Envelope>"
  }

  static func fault(_ code: String, _ text: String) -> String {
    envelope(
      "<s:Fault><faultcode>s:\(code)</faultcode><faultstring>\(XMLWriter.escaped(text))</faultstring></s:Fault>")
  }

  /// The response to a request, in the namespace of the request.
  static func response(
    _ request: MessageElement, _ attributes: [String: String], _ content: String, _ text: String = ""
  ) -> String {
    let name = request.name.replacing("Request", with: "Response")
    var attributes = attributes
    attributes["requestID"] = request.attribute("requestID")
    let written = attributes.sorted { $0.key < $1.key }.map { " \($0.key)=\"\($0.value)\"" }.joined()
    let message = text.isEmpty ? "" : "<spml:errorMessage>\(XMLWriter.escaped(text))</spml:errorMessage>"
    return """
      <x:\(name) xmlns:x="\(request.namespace)" xmlns:spml="\(SPMLSchema.core.rawValue)" \
      xmlns:search="\(SPMLSchema.search.rawValue)" xmlns:dsml="\(SPMLSchema.dsml.rawValue)"\(written)>\
      \(message)\(content)</x:\(name)>
      """
  }

  static func failure(_ request: MessageElement, _ code: String, _ text: String) -> String {
    envelope(response(request, ["status": "failure", "error": code], "", text))
  }

  static func pending(_ request: MessageElement) -> String {
    envelope(response(request, ["status": "pending"], ""))
  }

  static func data(_ attributes: DSMLAttributes, isCareless: Bool) -> String {
    let attributes = attributes.names.map { name in
      let values = attributes[name].map {
        isCareless ? carelessly($0) : "<dsml:value>\(XMLWriter.escaped($0))</dsml:value>"
      }
      return isCareless
        ? "<attr name=\"\(name.uppercased())\">\(values.joined(separator: "\n"))</attr>"
        : "<dsml:attr name=\"\(name)\">\(values.joined())</dsml:attr>"
    }
    return isCareless
      ? "<data>\(attributes.joined(separator: "\n"))</data>" : "<spml:data>\(attributes.joined())</spml:data>"
  }

  private static func carelessly(_ value: String) -> String {
    guard value.count.isMultiple(of: 2) else {
      return "<value><![CDATA[\(value.replacing("]]>", with: "]]]]><![CDATA[>"))]]></value>"
    }
    return """
      <value xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" \
      xsi:type="xsd:base64Binary">\(Data(value.utf8).base64EncodedString())</value>
      """
  }

  static func target(_ manners: SPMLTestServer.Manners) -> String {
    let id = manners.targetID.map { " targetID=\"\($0)\"" } ?? ""
    let classes = [("user", manners.userAttributes), ("group", manners.groupAttributes)]
    let definitions = classes.map { name, attributes in
      let references = attributes.map { attribute in
        let isRequired = attribute.hasSuffix("!")
        return "<d:attributeDefinitionReference name=\"\(isRequired ? String(attribute.dropLast()) : attribute)\""
          + (isRequired ? " required=\"true\"/>" : "/>")
      }
      return "<d:objectClassDefinition name=\"\(name)\"><d:memberAttributes>\(references.joined())</d:memberAttributes>"
        + "</d:objectClassDefinition>"
    }
    let capabilities = manners.capabilities.map { capability in
      let isForUsers = capability == .suspend || capability == .password
      return "<spml:capability namespaceURI=\"\(capability.rawValue)\">"
        + (isForUsers ? "<spml:appliesTo entityName=\"user\"/>" : "") + "</spml:capability>"
    }
    return """
      <spml:target\(id) profile="urn:oasis:names:tc:SPML:2:0:DSML"><spml:schema>\
      <d:schema xmlns:d="urn:oasis:names:tc:SPML:2:0:DSML">\(definitions.joined())</d:schema>\
      <spml:supportedSchemaEntity entityName="user"/><spml:supportedSchemaEntity entityName="group"/></spml:schema>\
      <spml:capabilities>\(capabilities.joined())</spml:capabilities></spml:target>
      """
  }
}
