import JSON
import SCIM

/// The attributes of a live resource while changes of an earlier run are taken back.
struct UndoneAttributes {
  private let live: Resource
  private let rules: TypeRules
  private let references: References
  private let patcher: ResourcePatcher
  /// What is to be there.
  private var target: JSONObject
  /// The attributes that change, as a whole.
  private var touched: [AttributePath] = []

  init(_ live: Resource, _ rules: TypeRules, _ references: References) {
    self.live = live
    self.rules = rules
    self.references = references
    patcher = ResourcePatcher(type: rules.type, catalog: rules.catalog)
    target = live.attributes
  }

  /// Whether the attribute is as the run left it.
  func isAsLeft(_ change: AttributeChange) -> Bool {
    guard let path = try? AttributePath(parsing: change.path) else { return true }
    // What is never told is not known to have changed.
    return change.after == "•••" || isSame(change.after, value(at: path))
  }

  /// Puts back what was there before.
  /// - Returns: why that is not done; nil when it is, or need not be.
  mutating func takeBack(_ change: AttributeChange) -> String? {
    guard change.before != "•••", change.after != "•••" else {
      return "\(change.path) was a secret, which nobody knows"
    }
    guard let path = try? AttributePath(parsing: change.path) else {
      return "\(change.path) lies too deep to be put back by itself"
    }
    let current = value(at: path)
    if isSame(change.before, current), (change.before == nil) == (current == nil) { return nil }
    guard isSame(change.after, current) else { return "\(change.path) was changed since" }
    do {
      let operation = try operation(change.before, at: path, isThere: current != nil)
      target = try patcher.applying([operation], to: target)
      touched.append(AttributePath(schema: path.schema, path.attribute))
      return nil
    } catch let error as SCIMError {
      return "\(change.path) cannot be put back: \(error.detail)"
    } catch {
      return "\(change.path) cannot be put back: \(error)"
    }
  }

  /// - Parameter isThere: whether there is anything that can be replaced.
  private func operation(
    _ before: JSONValue?, at path: AttributePath, isThere: Bool
  ) throws -> PatchOperation {
    guard let before else {
      // Who is not said to be active or not is active.
      if path.attribute == "active" { return PatchOperation(.replace, path, value: true) }
      return PatchOperation(.remove, path)
    }
    if path.valueFilter != nil, path.subAttribute == nil, !isThere {
      return PatchOperation(.add, AttributePath(schema: path.schema, path.attribute), value: [before])
    }
    return PatchOperation(.replace, path, value: try restored(before, at: path))
  }

  /// What there is to do. Both sides are whole attributes, so that what is no longer wanted of them goes.
  func difference() -> ResourceDiff {
    var diff = ResourceDiff(rules: rules, references: references)
    diff.compare(
      part(of: target, orElse: .null), with: live.attributes, applied: part(of: live.attributes, orElse: nil))
    return diff
  }

  /// What the ledger remembers, with the attributes that were put back.
  func laid(over applied: JSONObject) -> JSONObject {
    touched.reduce(into: applied) { applied, path in
      guard let urn = path.extensionURN(rules) else { return applied[path.attribute] = target.member(path.attribute) }
      var extended = applied[urn]?.object ?? [:]
      extended[path.attribute] = target.member(urn)?.object?.member(path.attribute)
      applied[urn] = .object(extended)
    }
  }

  private func part(of attributes: JSONObject, orElse missing: JSONValue?) -> JSONObject {
    touched.reduce(into: JSONObject()) { part, path in
      guard let urn = path.extensionURN(rules) else {
        return part[path.attribute] = attributes.member(path.attribute) ?? missing
      }
      var extended = part[urn]?.object ?? [:]
      extended[path.attribute] = attributes.member(urn)?.object?.member(path.attribute) ?? missing
      part[urn] = .object(extended)
    }
  }

  // MARK: Values

  private func value(at path: AttributePath) -> JSONValue? {
    let holder = path.extensionURN(rules).map { live.attributes.member($0)?.object ?? [:] } ?? live.attributes
    var value = holder.member(path.attribute)
    if let filter = path.valueFilter {
      value = value?.array?.first { element in
        element.object.map { filter.matches($0, type: nil, catalog: rules.catalog) } ?? false
      }
    }
    guard let part = path.subAttribute else { return value }
    return value?.object?.member(part)
  }

  /// The journal names who is referred to.
  private func restored(_ before: JSONValue, at path: AttributePath) throws -> JSONValue {
    let rule =
      path.extensionURN(rules).map { rules.extensionRules($0)?.rule(path.attribute) } ?? rules.rule(path.attribute)
    guard rule?.isReference == true, path.subAttribute == nil, let name = before.string else { return before }
    guard let value = references.reference(named: name) else {
      throw SCIMError(status: 400, .invalidValue, "\(name) is not there any more")
    }
    return ["value": .string(value)]
  }

  private func isSame(_ noted: JSONValue?, _ live: JSONValue?) -> Bool {
    switch (noted, live) {
    case (let noted, nil): noted?.isUnassigned ?? true
    case (nil, let live?): live.isUnassigned
    case (.string(let a)?, .string(let b)?): a.lowercased() == b.lowercased()
    case (.string?, .object?): references.readable(live) == noted
    case (.object(let a)?, .object(let b)?): a.members.allSatisfy { isSame($0.value, b.member($0.key)) }
    case (.array(let a)?, .array(let b)?):
      a.count == b.count && a.allSatisfy { noted in b.contains { isSame(noted, $0) } }
    case (let a, let b): a == b
    }
  }
}

extension AttributePath {
  /// nil for an attribute of the core schema.
  fileprivate func extensionURN(_ rules: TypeRules) -> String? {
    guard let schema, schema.lowercased() != rules.type.schema.lowercased() else { return nil }
    return schema
  }
}
