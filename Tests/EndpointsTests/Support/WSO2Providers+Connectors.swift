import Foundation
import HTTPTypes
import JSON
import Synchronization

/// The connectors of identity providers.
extension WSO2Providers {
  static let mask: JSONValue = "********"
  private static let fields: Set = [
    "connectorId", "isEnabled", "isDefault", "blockingEnabled", "rulesEnabled", "properties",
  ]

  /// The keys of each plug-in, the necessary ones first.
  private func keys(_ id: String) -> (required: [String], all: [String])? {
    let suffixes = ["user-ep", "username", "password", "group-ep", "user-store-domain", "enable-pwd-provisioning"]
    switch Self.name(id) {
    case "scim":
      let all = suffixes.map { "scim-" + $0 }
      return (Array(all.prefix(3)), all)
    case "SCIM2":
      let prefix = scim2Prefix.withLock { $0 }
      let isNew = prefix == "scim2-"
      let all = (suffixes + (isNew ? ["authentication-mode", "access-token"] : [])).map { prefix + $0 }
      return (isNew ? [prefix + "user-ep", prefix + "authentication-mode"] : Array(all.prefix(3)), all)
    case "googleapps": return (["google_prov_domain_name"], ["google_prov_domain_name"])
    default: return nil
    }
  }

  static func name(_ id: String) -> String {
    let padding = String(repeating: "=", count: (4 - id.count % 4) % 4)
    let text = id.replacing("-", with: "+").replacing("_", with: "/") + padding
    return Data(base64Encoded: text).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// What the server says of one of its plug-ins.
  func described(_ id: String) -> WSO2Answer {
    guard let keys = keys(id) else { return .refusal(404, "no such connector") }
    let properties = keys.all.map { key -> JSONValue in
      ["key": .string(key), "isMandatory": .bool(keys.required.contains(key)), "regex": ".*"]
    }
    return WSO2Answer(200, ["connectorId": .string(id), "properties": .array(properties)])
  }

  func connectors(
    _ method: HTTPRequest.Method, _ path: [String], _ body: JSONObject?, _ document: inout JSONObject
  ) -> WSO2Answer {
    var list = document["provisioning"]?["outboundConnectors"]?.object ?? [:]
    let provider = document["name"]?.string ?? ""
    switch (method, path.count) {
    case (.get, 1): return told(path[0], list)
    case (.put, 0):
      guard let body, let taken = taken(body, over: list) else { return .refusal(400, "UE-10000") }
      let left = Set((taken["connectors"]?.array ?? []).compactMap { $0["connectorId"]?.string })
      let gone = (list["connectors"]?.array ?? []).compactMap { $0["connectorId"]?.string }.filter {
        !left.contains($0)
      }
      if gone.contains(where: { isUsed(provider, Self.name($0)) }) { return .refusal(500, "IDP-65034") }
      list = taken
    case (.put, 1):
      guard let body, let failure = put(body, path[0], provider, &list) else { return .refusal(400, "a connector") }
      if failure.status != 200 { return failure }
    default: return .refusal(405, "\(method) \(path)")
    }
    var provisioning = document["provisioning"]?.object ?? [:]
    provisioning["outboundConnectors"] = .object(list)
    document["provisioning"] = .object(provisioning)
    return WSO2Answer(200, .object(list))
  }

  private func told(_ id: String, _ list: JSONObject) -> WSO2Answer {
    guard var one = (list["connectors"]?.array ?? []).first(where: { $0["connectorId"]?.string == id })?.object else {
      return .refusal(404, "IDP-60023")
    }
    one["name"] = .string(Self.name(id))
    one["isDefault"] = .bool(list["defaultConnectorId"]?.string == id)
    if areSecretsMasked {
      one["properties"] = (one["properties"]?.array).map { properties in
        .array(properties.map { Self.isSecret($0) ? ["key": $0["key"] ?? .null, "value": Self.mask] : $0 })
      }
    }
    return WSO2Answer(200, .object(one))
  }

  private static func isSecret(_ property: JSONValue) -> Bool {
    ["password", "access-token"].contains { property["key"]?.string?.hasSuffix($0) == true }
  }

  /// Whatever was written that is not the default, there is no default any more.
  private func put(_ body: JSONObject, _ id: String, _ provider: String, _ list: inout JSONObject) -> WSO2Answer? {
    guard body["isDefault"]?.bool != nil, let one = checked(body, id, over: list) else { return nil }
    var connectors = list["connectors"]?.array ?? []
    let place = connectors.firstIndex { $0["connectorId"]?.string == id }
    if place == nil, !takesNewConnectors.withLock({ $0 }) { return .refusal(404, "IDP-60023") }
    if one["isEnabled"] == false, isUsed(provider, Self.name(id)) { return .refusal(500, "IDP-65034") }
    if let place { connectors[place] = .object(one) } else { connectors.append(.object(one)) }
    list["connectors"] = .array(connectors)
    list["defaultConnectorId"] = body["isDefault"] == true ? .string(id) : nil
    return WSO2Answer(200)
  }

  /// The list as it is kept: nobody is heard on what blocks.
  func taken(_ list: JSONObject, over current: JSONObject = [:]) -> JSONObject? {
    let connectors = (list["connectors"]?.array ?? []).compactMap { element -> JSONObject? in
      guard let object = element.object, let id = object["connectorId"]?.string, object["isDefault"] == nil,
        var one = checked(object, id, over: current)
      else { return nil }
      one["blockingEnabled"] = false
      one["rulesEnabled"] = false
      return one
    }
    let ids = connectors.compactMap { $0["connectorId"]?.string }
    guard list.count == 2, connectors.count == list["connectors"]?.array?.count, Set(ids).count == ids.count,
      let chosen = list["defaultConnectorId"]?.string, ids.contains(chosen)
    else { return nil }
    return ["defaultConnectorId": .string(chosen), "connectors": .array(connectors.map(JSONValue.object))]
  }

  /// The connector with the secrets that its masks stand for; nil for one that is not complete, or says too much.
  private func checked(_ body: JSONObject, _ id: String, over list: JSONObject) -> JSONObject? {
    let properties = body["properties"]?.array ?? []
    let found = properties.compactMap { $0["value"]?.string == nil ? nil : $0["key"]?.string }
    guard let keys = keys(id), body.keys.allSatisfy(Self.fields.contains),
      ["isEnabled", "blockingEnabled", "rulesEnabled"].allSatisfy({ body[$0]?.bool != nil }),
      found.count == properties.count, Set(found).count == found.count, Set(found).isSubset(of: keys.all),
      Set(keys.required).isSubset(of: found)
    else { return nil }
    let old = (list["connectors"]?.array ?? []).first { $0["connectorId"]?.string == id }?["properties"]?.array ?? []
    var one = body
    one["isDefault"] = nil
    one["properties"] = .array(
      properties.map { property in
        property["value"] == Self.mask ? old.first { $0["key"] == property["key"] } ?? property : property
      })
    return one
  }

  /// The whole tells its connectors without their properties.
  static func withBriefConnectors(_ document: JSONObject) -> JSONObject {
    guard var provisioning = document["provisioning"]?.object,
      var list = provisioning["outboundConnectors"]?.object
    else { return document }
    list["connectors"] = (list["connectors"]?.array).map { connectors in
      .array(
        connectors.map { one in
          let id = one["connectorId"]?.string ?? ""
          return [
            "connectorId": .string(id), "name": .string(name(id)), "isEnabled": one["isEnabled"] ?? .null,
            "self": "/somewhere",
          ]
        })
    }
    provisioning["outboundConnectors"] = .object(list)
    var brief = document
    brief["provisioning"] = .object(provisioning)
    return brief
  }
}
