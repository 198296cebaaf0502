import JSON

/// The steps of a sign-in: each offers ways, by authenticators of our own and by identity providers.
enum WSO2Authentication {
  private static let local = "LOCAL"
  /// The authenticators of our own by the names that manifests have for them; any other goes by its own name.
  private static let names = [("basic", "BasicAuthenticator")]

  // MARK: What is read

  static func steps(_ sequence: JSONObject) -> [JSONValue] {
    let told = (sequence["steps"]?.array ?? []).sorted { ($0["id"]?.int ?? 0) < ($1["id"]?.int ?? 0) }
    // What is asked of users where nothing else was set up.
    guard !told.isEmpty else { return [["local": ["basic"]]] }
    return told.map { step in
      let options = step["options"]?.array ?? []
      let own = options.filter { $0["idp"]?.string == local }.compactMap { $0["authenticator"]?.string }
      let federated = options.compactMap { $0["idp"]?.string }.filter { $0 != local }
      var attributes: JSONObject = [:]
      if !own.isEmpty { attributes["local"] = .array(own.map { .string(name(of: $0)) }) }
      if !federated.isEmpty { attributes["federated"] = .array(federated.map(JSONValue.string)) }
      return .object(attributes)
    }
  }

  private static func name(of authenticator: String) -> String {
    names.first { $0.1 == authenticator }?.0 ?? authenticator
  }

  // MARK: What is written

  /// - Parameter current: what is there: its script stays, and so do the authenticators that identity providers are asked by.
  static func document(_ steps: [JSONValue], over current: JSONObject) -> JSONObject {
    guard !steps.isEmpty else { return ["type": "DEFAULT"] }
    var document = current
    document["type"] = "USER_DEFINED"
    document["subjectStepId"] = stepID(current["subjectStepId"], among: steps)
    document["attributeStepId"] = stepID(current["attributeStepId"], among: steps)
    document["steps"] = .array(
      steps.enumerated().map { index, step in
        ["id": .number(JSONNumber(index + 1)), "options": .array(options(step, over: current))]
      })
    return document
  }

  private static func stepID(_ current: JSONValue?, among steps: [JSONValue]) -> JSONValue {
    guard let id = current?.int, (1...steps.count).contains(id) else { return 1 }
    return .number(JSONNumber(id))
  }

  private static func options(_ step: JSONValue, over current: JSONObject) -> [JSONValue] {
    let known = (current["steps"]?.array ?? []).flatMap { $0["options"]?.array ?? [] }
    let own = (step["local"]?.array ?? []).compactMap(\.string).map { name -> JSONValue in
      let authenticator = names.first { $0.0 == name }?.1 ?? name
      return ["idp": .string(local), "authenticator": .string(authenticator)]
    }
    let federated = (step["federated"]?.array ?? []).compactMap(\.string).map { name -> JSONValue in
      let option = known.first { $0["idp"]?.string == name }
      return ["idp": .string(name), "authenticator": option?["authenticator"] ?? "OpenIDConnectAuthenticator"]
    }
    return own + federated
  }
}
