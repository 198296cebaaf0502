import JSON
import SCIM
import XML

extension SPML2Endpoint {
  /// Adds an object; one whose answer was lost is looked for before it is added again.
  func add(
    _ attributes: JSONObject, as type: ResourceType, _ kind: SPMLView.Kind, _ view: SPMLView
  ) async throws(EndpointError) -> Resource {
    let data = try kind.mapping.attributes(of: attributes)
    let request = SPMLRequest(
      "addRequest", SPMLNamespace.core, [SPMLNamespace.dsml], id: dialogue.nextID(), effect: .create,
      secrets: attributes["password"]?.string.map { [$0] } ?? [],
      [("targetID", view.target.id), ("returnData", "everything")]
    ) { writer in
      writer.element("spml:data") { data.write(to: &$0) }
    }
    let made = try await dialogue.creating(
      request,
      reading: { response throws(EndpointError) in
        response["pso"].flatMap { SPMLObject($0) }.map { object in
          let told = object.attributes.names.isEmpty ? data : object.attributes
          return kind.mapping.resource(object.id, told)
        }
      }, look: { () throws(EndpointError) in try await existing(like: attributes, as: type) })
    if let made { return made }
    if let found = try await existing(like: attributes, as: type) { return found }
    throw EndpointError(
      .malformed, "the provider answered an add without the psoID, and the object cannot be found there")
  }

  /// Changes the attributes of an object by what differs and nothing else; only what cannot be said without the object is
  /// looked up before.
  /// - Returns: the identifier as it is then.
  func modify(
    _ id: PSOIdentifier, by operations: [PatchOperation], _ type: ResourceType, _ kind: SPMLView.Kind, _ view: SPMLView
  ) async throws(EndpointError) -> PSOIdentifier {
    let confidential = WriteOnlyValues(schemas: view.capabilities.catalog.schemas(of: type))
    let secrets = operations.flatMap(confidential.texts)
    guard let changes = try kind.mapping.modifications(by: operations, of: type) else {
      return try await send(try await differences(id, operations, kind, view), to: id, secrets, view)
    }
    do throws(EndpointError) {
      return try await send(changes, to: id, secrets, view)
    } catch {
      // What is so already is refused by many, and an earlier attempt may have seen to it.
      guard error.kind == .rejected || error.kind == .conflict else { throw error }
      let rest = try await differences(id, operations, kind, view)
      if Set(rest) == Set(changes) { throw error }
      return try await send(rest, to: id, secrets, view)
    }
  }

  /// - Returns: the identifier as it is then: names that change may change it (SPML 2.0 section 3.5.4.2).
  func send(
    _ changes: [DSMLModification], to id: PSOIdentifier, _ secrets: [String], _ view: SPMLView
  ) async throws(EndpointError) -> PSOIdentifier {
    guard !changes.isEmpty else { return id }
    let request = SPMLRequest(
      "modifyRequest", SPMLNamespace.core, [SPMLNamespace.dsml], id: dialogue.nextID(), secrets: secrets,
      [("returnData", "identifier")]
    ) { writer in
      id.write(as: "spml:psoID", target: view.target.id, to: &writer)
      for change in changes { change.write(to: &writer) }
    }
    return try await dialogue.ask(request)["pso"].flatMap { SPMLObject($0)?.id } ?? id
  }

  /// What the operations change of the object as it is.
  private func differences(
    _ id: PSOIdentifier, _ operations: [PatchOperation], _ kind: SPMLView.Kind, _ view: SPMLView
  ) async throws(EndpointError) -> [DSMLModification] {
    let current = try await lookUp(id, view)
    let resource = kind.mapping.resource(id, current.attributes)
    let patcher = ResourcePatcher(type: kind.type, catalog: view.capabilities.catalog)
    do {
      let wanted = try patcher.applying(operations, to: resource.attributes)
      return kind.mapping.modifications(
        from: try kind.mapping.normalForm(of: current), to: try kind.mapping.attributes(of: wanted))
    } catch let error as SCIMError {
      throw EndpointError(error)
    } catch let error as EndpointError {
      throw error
    } catch {
      throw EndpointError(.rejected, "\(error)")
    }
  }
}
