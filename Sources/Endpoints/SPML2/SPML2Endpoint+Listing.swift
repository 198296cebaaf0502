import JSON
import SCIM
import XML

extension SPML2Endpoint {
  /// How often a search whose rest is lost is begun anew.
  private static let maxRestarts = 3

  /// A part of a search: the provider hands out one after another (SPML 2.0 section 3.6.7).
  ///
  /// Whether the provider went on or not when an answer is lost, nobody knows; then the search is begun anew, and what was
  /// told before is left out.
  package func page(
    of type: ResourceType, at position: PagePosition?
  ) async throws(EndpointError) -> ResourcePage {
    let view = try await view()
    let kind = try view.kind(type)
    var walk = SPMLWalks.Walk(iterator: "", seen: [])
    var part: SearchPart
    if let position {
      guard let kept = walks.take(position) else { throw EndpointError(.rejected, "there is no such search") }
      walk = kept
      part = try await next(&walk, kind, view)
    } else {
      part = try await search(kind, view)
    }
    var fresh = part.objects.filter { walk.seen.insert($0.id.text).inserted }
    while fresh.isEmpty, let iterator = part.iterator {
      walk.iterator = iterator
      part = try await next(&walk, kind, view)
      fresh = part.objects.filter { walk.seen.insert($0.id.text).inserted }
    }
    var following: PagePosition?
    if let iterator = part.iterator {
      walk.iterator = iterator
      following = walks.keep(walk)
    }
    let resources = try await resources(fresh.filter { $0.isOf(kind) }, kind, view)
    return ResourcePage(
      resources: resources, totalResults: position == nil && following == nil ? resources.count : nil, next: following,
      endIsCertain: true)
  }

  package func find(
    _ type: ResourceType, where attribute: String, equals value: String
  ) async throws(EndpointError) -> [Resource] {
    let path = try AttributePath(finding: attribute)
    let view = try await view()
    let kind = try view.kind(type)
    guard let name = kind.mapping.name(of: path, in: type) else { return [] }
    let part = try await search(kind, view, where: name, equals: value)
    if let iterator = part.iterator { await closeIterator(iterator) }
    let filter = Filter.compare(path, .equal, .string(value))
    let catalog = view.capabilities.catalog
    // A provider that does not know the filter may answer with everything.
    let found = part.objects.filter { object in
      object.isOf(kind)
        && filter.matches(kind.mapping.resource(object.id, object.attributes).attributes, type: type, catalog: catalog)
    }
    return try await resources(found, kind, view)
  }

  /// Tells the provider that the rest of a result is not wanted. It would forget it in time anyway, so nobody needs to
  /// know when that fails.
  func closeIterator(_ iterator: String) async {
    let request = SPMLRequest(
      "closeIteratorRequest", SPMLNamespace.search, id: dialogue.nextID(), effect: .consumingRead
    ) { $0.empty("search:iterator", ["ID": iterator]) }
    _ = try? await dialogue.ask(request)
  }
}

// MARK: Searches

/// What one answer to a search tells.
private struct SearchPart {
  var objects: [SPMLObject]
  /// Of the rest; nil after the last part.
  var iterator: String?

  /// - Throws: `malformed` for an object without an identifier: it could not be told from one that is missing.
  init(_ response: MessageElement) throws(EndpointError) {
    objects = []
    for element in response.children where element.name == "pso" {
      guard let object = SPMLObject(element) else {
        throw EndpointError(.malformed, "the provider tells of an object without its psoID")
      }
      objects.append(object)
    }
    iterator = response["iterator"]?.attribute("ID")
  }
}

extension SPML2Endpoint {
  private func search(
    _ kind: SPMLView.Kind, _ view: SPMLView, where name: String? = nil, equals value: String = ""
  ) async throws(EndpointError) -> SearchPart {
    guard view.target.can(.search, with: kind.mapping.objectClass.name) else {
      throw EndpointError(.rejected, "the target has no search capability, so nobody can say what it holds")
    }
    let request = SPMLRequest(
      "searchRequest", SPMLNamespace.search, [SPMLNamespace.dsml], id: dialogue.nextID(), effect: .read,
      [("returnData", "data"), ("maxSelect", String(pageSize))]
    ) { writer in
      writer.element("search:query", ["targetID": view.target.id, "scope": "subTree"]) { writer in
        writer.element("dsml:filter") { writer in
          guard let name else { return kind.writeIsOfClass(to: &writer) }
          writer.element("dsml:and") { writer in
            kind.writeIsOfClass(to: &writer)
            writer.writeEquality(name, value)
          }
        }
      }
    }
    return try SearchPart(try await dialogue.ask(request))
  }

  /// The next part of a search; where it is lost, the first of the search begun anew.
  private func next(
    _ walk: inout SPMLWalks.Walk, _ kind: SPMLView.Kind, _ view: SPMLView
  ) async throws(EndpointError) -> SearchPart {
    let iterator = walk.iterator
    let request = SPMLRequest(
      "iterateRequest", SPMLNamespace.search, id: dialogue.nextID(), effect: .consumingRead
    ) { $0.empty("search:iterator", ["ID": iterator]) }
    do throws(EndpointError) {
      return try SearchPart(try await dialogue.ask(request))
    } catch {
      guard error.losesIterator, walk.restarts < Self.maxRestarts else { throw error }
      walk.restarts += 1
      if error.leavesOutcomeUnknown { await closeIterator(iterator) }
      return try await search(kind, view)
    }
  }
}

extension EndpointError {
  /// Whether the rest of a search is gone: the answer is lost, or the provider does not know its iterator any more.
  fileprivate var losesIterator: Bool {
    leavesOutcomeUnknown || kind == .notFound || (kind == .rejected && status == 200)
  }
}

extension SPMLView.Kind {
  fileprivate func writeIsOfClass(to writer: inout XMLWriter) {
    writer.writeEquality(DSMLAttributes.objectClass, mapping.objectClass.name)
  }
}

extension SPMLObject {
  /// Whether it is of the class, or does not say: a provider that does not know the filter tells of everything.
  fileprivate func isOf(_ kind: SPMLView.Kind) -> Bool {
    let classes = attributes[DSMLAttributes.objectClass]
    return classes.isEmpty || classes.contains { $0.isSameName(as: kind.mapping.objectClass.name) }
  }
}

extension XMLWriter {
  fileprivate mutating func writeEquality(_ name: String, _ value: String) {
    element("dsml:equalityMatch", ["name": name]) { $0.leaf("dsml:value", value) }
  }
}
