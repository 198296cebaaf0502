import JSON
import SCIM

extension Situation: PlanRepresentable {}
extension Cause: PlanRepresentable {}
extension Change.Action: PlanRepresentable {}
extension PatchOperation.Verb: PlanRepresentable {}
extension Ledger.Entry.Origin: PlanRepresentable {}
extension Lifecycle.Removal: PlanRepresentable {}

extension Change: PlanRepresentable {
  var planJSON: JSONValue {
    .object(
      JSONObject(plan: [
        ("key", key), ("action", action), ("situation", situation), ("remoteID", remoteID), ("liveName", liveName),
        ("version", version), ("request", request), ("attributes", attributes), ("secrets", secrets),
        ("ledgerEntry", ledgerEntry), ("reason", reason), ("source", source), ("dependencies", dependencies),
      ]))
  }

  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "a change")
    self.init(
      key: try fields("key"), action: try fields("action"), situation: try fields("situation"),
      remoteID: try fields.optional("remoteID"), liveName: try fields.optional("liveName"),
      version: try fields.optional("version"), request: try fields("request"), attributes: try fields("attributes"),
      secrets: try fields("secrets"), ledgerEntry: try fields.optional("ledgerEntry"), reason: try fields("reason"),
      source: try fields.optional("source"), dependencies: try fields("dependencies"))
  }
}

extension Change.Request: PlanRepresentable {
  var planJSON: JSONValue {
    switch self {
    case .create(let attributes): ["create": .object(attributes)]
    case .patch(let operations): ["patch": operations.planJSON]
    case .replace(let attributes): ["replace": .object(attributes)]
    case .delete: ["delete": true]
    }
  }

  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "a request")
    if let attributes: JSONObject = try fields.optional("create") {
      self = .create(attributes)
    } else if let operations: [PatchOperation] = try fields.optional("patch") {
      self = .patch(operations)
    } else if let attributes: JSONObject = try fields.optional("replace") {
      self = .replace(attributes)
    } else {
      let _: Bool = try fields("delete")
      self = .delete
    }
  }
}

extension PatchOperation: PlanRepresentable {
  var planJSON: JSONValue { .object(JSONObject(plan: [("op", verb), ("path", path), ("value", value)])) }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "an operation")
    self.init(try fields("op"), try fields.optional("path"), value: try fields.optional("value"))
  }
}

extension AttributePath: PlanRepresentable {
  var planJSON: JSONValue { .string(description) }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    let text = try String(planJSON: planJSON)
    do throws(SCIMError) {
      self = try AttributePath(parsing: text)
    } catch {
      throw PlanFormatError(description: "\(text) is not an attribute path: \(error.detail)")
    }
  }
}

extension AttributeChange: PlanRepresentable {
  var planJSON: JSONValue {
    .object(JSONObject(plan: [("path", path), ("before", before), ("after", after), ("cause", cause)]))
  }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "an attribute")
    self.init(
      path: try fields("path"), before: try fields.optional("before"), after: try fields.optional("after"),
      cause: try fields("cause"))
  }
}

extension Ledger.Entry: PlanRepresentable {
  var planJSON: JSONValue {
    .object(
      JSONObject(plan: [
        ("key", key), ("remoteID", remoteID), ("origin", origin), ("applied", applied),
        ("secretDigests", secretDigests),
        ("onRemoval", onRemoval), ("grace", grace), ("disabledAt", disabledAt), ("updatedAt", updatedAt),
      ]))
  }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "a ledger entry")
    self.init(
      key: try fields("key"), remoteID: try fields("remoteID"), origin: try fields("origin"),
      applied: try fields("applied"), secretDigests: try fields("secretDigests"), onRemoval: try fields("onRemoval"),
      grace: try fields("grace"), disabledAt: try fields.optional("disabledAt"), updatedAt: try fields("updatedAt"))
  }
}

extension SecretReference: PlanRepresentable {
  var planJSON: JSONValue {
    switch self {
    case .environment(let name): ["env": .string(name)]
    case .file(let path): ["file": .string(path)]
    case .command(let words): ["exec": words.planJSON]
    case .sops(let file, let key): ["sops": .string(file), "key": .string(key)]
    case .vault(let path, let key): ["vault": .string(path), "key": .string(key)]
    case .literal: ["literal": true]
    }
  }

  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "a secret")
    if let name: String = try fields.optional("env") {
      self = .environment(name)
    } else if let path: String = try fields.optional("file") {
      self = .file(path)
    } else if let words: [String] = try fields.optional("exec") {
      self = .command(words)
    } else if let file: String = try fields.optional("sops") {
      self = .sops(file: file, key: try fields("key"))
    } else if let path: String = try fields.optional("vault") {
      self = .vault(path: path, key: try fields("key"))
    } else {
      throw PlanFormatError(
        description: "a secret is written out in the manifests, and its value is never kept in a plan file")
    }
  }
}
