import JSON
import SCIM
import XML

extension SPML2Endpoint {
  /// Adds an object; what an `addRequest` cannot say follows. An object that stays without its password, or active though
  /// it must not be, is taken back: half of it would pass for the whole.
  package func create(_ attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource {
    let view = try await view()
    let kind = try view.kind(type)
    let draft = SPMLDraft(attributes, kind)
    let made = try await add(draft.attributes, as: type, kind, view)
    let id = PSOIdentifier(text: made.id)
    do throws(EndpointError) {
      if let password = draft.password { try await setPassword(password, of: id, view) }
      if draft.isActive == false { try await setActive(false, id, view) }
    } catch {
      try await takeBack(made, type, after: error)
    }
    var resource = made
    if kind.canSuspend { resource["active"] = .bool(draft.isActive ?? true) }
    return resource
  }

  package func update(
    _ id: String, of type: ResourceType, _ update: ResourceUpdate, version: String?
  ) async throws(EndpointError) -> Resource? {
    let view = try await view()
    let kind = try view.kind(type)
    let before = PSOIdentifier(text: id)
    let after =
      switch update {
      case .patch(let operations): try await change(before, by: SPMLDraft(operations, kind), type, kind, view)
      case .replace(let attributes): try await replace(before, by: SPMLDraft(attributes, kind), kind, view)
      }
    guard after != before else { return nil }
    let object = try await lookUp(after, view)
    return try await resources([object], kind, view).first
  }

  package func delete(_ id: String, of type: ResourceType, version: String?) async throws(EndpointError) {
    let view = try await view()
    let request = SPMLRequest("deleteRequest", SPMLNamespace.core, id: dialogue.nextID()) {
      PSOIdentifier(text: id).write(as: "spml:psoID", target: view.target.id, to: &$0)
    }
    do throws(EndpointError) {
      _ = try await dialogue.ask(request)
    } catch {
      guard error.kind == .notFound else { throw error }
    }
  }

  private func takeBack(
    _ made: Resource, _ type: ResourceType, after error: EndpointError
  ) async throws(EndpointError) -> Never {
    var error = error
    do throws(EndpointError) {
      try await delete(made.id, of: type, version: nil)
      error.message += "; what was created is taken back"
    } catch let second {
      error.message += "; what was created, \(made.id), could not be taken back: \(second.message)"
    }
    throw error
  }

  /// - Returns: the identifier as it is then.
  private func change(
    _ id: PSOIdentifier, by draft: SPMLDraft, _ type: ResourceType, _ kind: SPMLView.Kind, _ view: SPMLView
  ) async throws(EndpointError) -> PSOIdentifier {
    // Whoever is shut out is shut out first, and whoever is let in, last.
    if draft.isActive == false { try await setActive(false, id, view) }
    var id = id
    if !draft.operations.isEmpty { id = try await modify(id, by: draft.operations, type, kind, view) }
    if let password = draft.password { try await setPassword(password, of: id, view) }
    if draft.isActive == true { try await setActive(true, id, view) }
    return id
  }

  private func replace(
    _ id: PSOIdentifier, by draft: SPMLDraft, _ kind: SPMLView.Kind, _ view: SPMLView
  ) async throws(EndpointError) -> PSOIdentifier {
    let current = try await lookUp(id, view)
    let isActive = kind.canSuspend && draft.isActive != nil ? try await isActive(id, view) : draft.isActive
    if draft.isActive == false, isActive == true { try await setActive(false, id, view) }
    let changes = kind.mapping.modifications(
      from: try kind.mapping.normalForm(of: current), to: try kind.mapping.attributes(of: draft.attributes))
    let secrets = draft.attributes["password"]?.string.map { [$0] } ?? []
    let after = try await send(changes, to: id, secrets, view)
    if let password = draft.password { try await setPassword(password, of: after, view) }
    if draft.isActive == true, isActive == false { try await setActive(true, after, view) }
    return after
  }

  func setPassword(_ password: String, of id: PSOIdentifier, _ view: SPMLView) async throws(EndpointError) {
    let request = SPMLRequest(
      "setPasswordRequest", SPMLNamespace.password, [SPMLNamespace.core], id: dialogue.nextID(), secrets: [password]
    ) { writer in
      id.write(as: "pass:psoID", target: view.target.id, to: &writer)
      writer.leaf("pass:password", password)
    }
    _ = try await dialogue.ask(request)
  }

  func setActive(_ isActive: Bool, _ id: PSOIdentifier, _ view: SPMLView) async throws(EndpointError) {
    let request = SPMLRequest(
      isActive ? "resumeRequest" : "suspendRequest", SPMLNamespace.suspend, [SPMLNamespace.core], id: dialogue.nextID()
    ) { id.write(as: "suspend:psoID", target: view.target.id, to: &$0) }
    _ = try await dialogue.ask(request)
  }
}
