import Foundation
import JSON
import SCIM

/// A group as the Directory API has it, and as SCIM has it.
enum GoogleGroupMapping {
  /// What our entry among the `externalIds` of a group is marked with.
  static let externalID = OwnEntry(list: "externalIds", mark: ["namespace": "scim"])

  /// - Parameter members: their ids.
  static func resource(_ group: JSONObject, members: [String]) -> Resource {
    var result: JSONObject = ["schemas": [.string(SchemaURN.group)]]
    result["id"] = group["id"]
    result["externalId"] = externalID.find(in: group)?["id"]
    let name = group["name"]?.string ?? ""
    result["displayName"] = name.isEmpty ? group["email"] : .string(name)
    if !members.isEmpty { result["members"] = .array(members.map { ["value": .string($0)] }) }
    return Resource(result)
  }

  /// What a group without its members is made of.
  /// - Throws: `rejected` when no address can be made of its name.
  static func body(_ group: JSONObject, domain: String?) throws(EndpointError) -> JSONObject {
    var body: JSONObject = ["email": .string(try address(of: group["displayName"]?.string ?? "", domain: domain))]
    body["name"] = group["displayName"]
    if let id = group["externalId"] { body["externalIds"] = externalID.setting([("id", id)], in: [:]) }
    return body
  }

  /// The address that a group must have, made of its name: `AWS Admins` becomes `aws-admins@corp.example`. A name that is
  /// an address stands for itself.
  static func address(of name: String, domain: String?) throws(EndpointError) -> String {
    if name.contains("@") { return name }
    let letters = name.folding(options: [.diacriticInsensitive, .caseInsensitive, .widthInsensitive], locale: nil)
    let words = letters.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber || "._".contains($0)) }
    guard !words.isEmpty else {
      throw EndpointError(
        .rejected, "no mail address can be made of the group's name '\(name)'; give it a displayName that is an address"
      )
    }
    guard let domain else {
      throw EndpointError(.misconfigured, "the groups of this endpoint need a domain: set `google.domain`")
    }
    return words.joined(separator: "-") + "@" + domain
  }
}
