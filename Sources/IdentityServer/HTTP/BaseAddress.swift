import HTTPTypes
import HummingbirdCore
import JSON
import SCIM

/// The address of the SCIM service as the client of one request knows it: `https://localhost:9443/scim2`.
struct BaseAddress: Hashable, Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  /// The public address when one is configured, else the host that the client asked for.
  init(of request: Request, to context: ServerContext, _ configuration: ServerConfiguration) {
    self.init(of: request, to: context, configuration, path: configuration.basePath)
  }

  /// The same for a service at another path of the server.
  init(of request: Request, to context: ServerContext, _ configuration: ServerConfiguration, path: String) {
    if let publicURL = configuration.publicURL {
      text = publicURL + path
    } else {
      let scheme = configuration.tls == nil ? "http" : "https"
      let authority = Self.validated(request.head.authority) ?? "\(configuration.host):\(context.localPort)"
      text = scheme + "://" + authority + path
    }
  }

  /// The authority if it holds nothing but host and port: it is the client's to choose and comes back in our answers.
  private static func validated(_ authority: String?) -> String? {
    guard let authority, !authority.isEmpty, authority.utf8.count <= 255 else { return nil }
    return authority.utf8.allSatisfy(isPlain) ? authority : nil
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
      true
    default: false
    }
  }

  /// The resource with `meta.location` and every `$ref` absolute (RFC 7643 sections 3.1 and 2.3.7).
  func absolute(_ resource: Resource) -> Resource {
    Resource(
      JSONObject(
        uniqueMembers: resource.attributes.members.map { member in
          .init(key: member.key, value: absolute(member.value, under: member.key, isMeta: member.key == "meta"))
        }))
  }

  private func absolute(_ value: JSONValue, under key: String, isMeta: Bool) -> JSONValue {
    switch value {
    case .string(let path) where path.hasPrefix("/") && (key == "$ref" || (isMeta && key == "location")):
      return .string(text + path)
    case .array(let values):
      return .array(values.map { absolute($0, under: key, isMeta: isMeta) })
    case .object(let object):
      return .object(
        JSONObject(
          uniqueMembers: object.members.map { member in
            .init(key: member.key, value: absolute(member.value, under: member.key, isMeta: isMeta))
          }))
    default: return value
    }
  }
}
