import XML

@testable import Endpoints

/// Why the test provider refuses.
struct SPMLTestFailure: Error {
  let code: String
  let text: String

  init(_ code: String, _ text: String = "") {
    self.code = code
    self.text = text
  }
}

/// One operation of the test provider.
struct SPMLTestOperation {
  typealias State = SPMLTestServer.State

  let request: MessageElement
  let manners: SPMLTestServer.Manners

  func perform(_ state: inout State) throws(SPMLTestFailure) -> String {
    switch request.name {
    case "listTargetsRequest": return succeeded(SPMLTestMessages.target(manners))
    case "addRequest": return try add(&state)
    case "modifyRequest": return try modify(&state)
    case "deleteRequest": return try delete(&state)
    case "lookupRequest": return succeeded(shown(try known(state), state, in: "spml"))
    case "searchRequest": return search(&state)
    case "iterateRequest": return try iterate(&state)
    case "closeIteratorRequest":
      guard state.iterators.removeValue(forKey: iterator) != nil else { throw SPMLTestFailure("noSuchIdentifier") }
      return succeeded()
    case "suspendRequest", "resumeRequest":
      let id = try known(state)
      let isActive = request.name == "resumeRequest"
      guard state.objects[id]?.isActive != isActive else { throw SPMLTestFailure("customError", "it is so already") }
      state.objects[id]?.isActive = isActive
      return succeeded()
    case "activeRequest":
      let isActive = state.objects[try known(state)]?.isActive ?? false
      return SPMLTestMessages.response(request, ["status": "success", "active": isActive ? "true" : "false"], "")
    case "setPasswordRequest":
      let password = request["password"]?.text ?? ""
      let id = try known(state)
      guard password.count > 5 else { throw SPMLTestFailure("customError", "\(password) is too short") }
      state.objects[id]?.password = password
      return succeeded()
    default: throw SPMLTestFailure("unsupportedOperation")
    }
  }

  private func succeeded(_ content: String = "") -> String {
    SPMLTestMessages.response(request, ["status": "success"], content)
  }

  // MARK: Objects

  private func known(_ state: State) throws(SPMLTestFailure) -> String {
    guard let identifier = request["psoID"], identifier.attribute("targetID") == manners.targetID,
      let id = identifier.attribute("ID"), state.objects[id] != nil
    else { throw SPMLTestFailure("noSuchIdentifier") }
    return id
  }

  private func add(_ state: inout State) throws(SPMLTestFailure) -> String {
    guard request.attribute("targetID") == manners.targetID else { throw SPMLTestFailure("malformedRequest") }
    let attributes = DSMLAttributes(request["data"])
    guard let objectClass = attributes["objectclass"].first else { throw SPMLTestFailure("malformedRequest", "class") }
    let object = SPMLTestServer.Object(objectClass: objectClass, attributes: attributes)
    try check(object, nil, state)
    state.count += 1
    let id = identifier(of: object, number: state.count)
    state.objects[id] = object
    state.order.append(id)
    return succeeded(shown(id, state, in: "spml"))
  }

  private func modify(_ state: inout State) throws(SPMLTestFailure) -> String {
    let id = try known(state)
    guard var object = state.objects[id] else { throw SPMLTestFailure("noSuchIdentifier") }
    for modification in request.children.dropFirst().flatMap(\.children) {
      try apply(modification, to: &object.attributes)
    }
    guard object.attributes != state.objects[id]?.attributes else {
      throw SPMLTestFailure("customError", "nothing changes")
    }
    try check(object, id, state)
    let after = manners.namesObjectsByName ? identifier(of: object, number: 0) : id
    state.objects[id] = nil
    state.objects[after] = object
    state.order = state.order.map { $0 == id ? after : $0 }
    return succeeded("<spml:pso xmlns:spml=\"\(SPMLSchema.core.rawValue)\">\(identifier(after, in: "spml"))</spml:pso>")
  }

  /// As directories do: a value that is there is not added again, and one that is not cannot be deleted.
  private func apply(
    _ modification: MessageElement, to attributes: inout DSMLAttributes
  ) throws(SPMLTestFailure) {
    let name = modification.attribute("name") ?? ""
    let values = modification.children.map(\.text)
    let present = attributes[name]
    switch modification.attribute("operation") {
    case "add":
      guard !values.isEmpty, !values.contains(where: present.contains) else {
        throw SPMLTestFailure("customError", "\(name): attribute or value exists")
      }
      attributes[name] = present + values
    case "delete":
      guard !present.isEmpty, values.allSatisfy(present.contains) else {
        throw SPMLTestFailure("customError", "\(name): no such attribute or value")
      }
      attributes[name] = values.isEmpty ? [] : present.filter { !values.contains($0) }
    default:
      guard !values.isEmpty else { throw SPMLTestFailure("malformedRequest", "replace without values") }
      attributes[name] = values
    }
  }

  private func check(
    _ object: SPMLTestServer.Object, _ id: String?, _ state: State
  ) throws(SPMLTestFailure) {
    let declared = object.objectClass == "user" ? manners.userAttributes : manners.groupAttributes
    let names = declared.map { $0.replacing("!", with: "").lowercased() }
    for name in object.attributes.names where name.lowercased() != "objectclass" && !names.contains(name.lowercased()) {
      throw SPMLTestFailure("customError", "no attribute \(name)")
    }
    for name in declared where name.hasSuffix("!") && object.attributes[String(name.dropLast())].isEmpty {
      throw SPMLTestFailure("customError", "\(name) is required")
    }
    for name in object.attributes["member"] + object.attributes["manager"] where state.objects[name] == nil {
      throw SPMLTestFailure("customError", "nobody is \(name)")
    }
    let isTaken = state.objects.contains { other in
      other.key != id && other.value.objectClass == object.objectClass
        && other.value.name.lowercased() == object.name.lowercased()
    }
    if isTaken { throw SPMLTestFailure("alreadyExists", "\(object.name) exists") }
  }

  private func delete(_ state: inout State) throws(SPMLTestFailure) -> String {
    let id = try known(state)
    state.objects[id] = nil
    state.order.removeAll { $0 == id }
    for other in state.order { state.objects[other]?.attributes["member"].removeAll { $0 == id } }
    return succeeded()
  }

  private func identifier(of object: SPMLTestServer.Object, number: Int) -> String {
    manners.namesObjectsByName ? "\(object.objectClass == "user" ? "uid" : "cn")=\(object.name)" : "object \(number)/é"
  }

  // MARK: Searches

  private var iterator: String { request["iterator"]?.attribute("ID") ?? "" }

  private func search(_ state: inout State) -> String {
    let filter = request["query"]?["filter"]
    let tests = (filter?["and"] ?? filter)?.children ?? []
    let found = state.order.filter { id in
      tests.allSatisfy { test in
        let wanted = test["value"]?.text.lowercased()
        return state.objects[id]?.attributes[test.attribute("name") ?? ""].contains { $0.lowercased() == wanted }
          ?? false
      }
    }
    state.count += 1
    return part(of: found[...], "iterator-\(state.count)", &state)
  }

  private func iterate(_ state: inout State) throws(SPMLTestFailure) -> String {
    guard let rest = state.iterators.removeValue(forKey: iterator) else { throw SPMLTestFailure("noSuchIdentifier") }
    return part(of: rest[...], iterator, &state)
  }

  /// Hands out a part; the iterator goes on, whether the part arrives or not.
  private func part(of found: ArraySlice<String>, _ iterator: String, _ state: inout State) -> String {
    let size = min(request.attribute("maxSelect").flatMap { Int($0) } ?? manners.pageCap, manners.pageCap)
    let rest = found.dropFirst(size)
    state.iterators[iterator] = rest.isEmpty ? nil : Array(rest)
    let objects = found.prefix(size).map { shown($0, state, in: "search") }.joined()
    return succeeded(objects + (rest.isEmpty ? "" : "<search:iterator ID=\"\(iterator)\"/>"))
  }

  private func shown(_ id: String, _ state: State, in prefix: String) -> String {
    guard let object = state.objects[id] else { return "" }
    let data = SPMLTestMessages.data(object.attributes, isCareless: manners.isCareless)
    let own = identifier(id, in: "spml")
    return "<\(prefix):pso>\(manners.isCareless ? data + own : own + data)</\(prefix):pso>"
  }

  private func identifier(_ id: String, in prefix: String) -> String {
    let target = manners.targetID.map { " targetID=\"\($0)\"" } ?? ""
    return "<\(prefix):psoID ID=\"\(XMLWriter.escaped(id))\"\(target)/>"
  }
}

extension SPMLTestServer.Object {
  /// What objects of its class are told apart by.
  var name: String { attributes[objectClass == "user" ? "uid" : "cn"].first ?? "" }
}
