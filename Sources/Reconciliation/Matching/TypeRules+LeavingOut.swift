import JSON
import SCIM

extension TypeRules {
  /// Removes the attributes that the endpoint's schema does not know.
  /// - Returns: what to say about them.
  func leaveOutUnheld(_ attributes: inout JSONObject) -> Set<String> {
    var said: Set<String> = []
    for member in attributes.members {
      if isExtension(member.key) {
        guard let known = extensionRules(member.key) else {
          attributes[member.key] = nil
          said.insert("\(type.name) has no extension \(member.key) there: left out")
          continue
        }
        guard var parts = member.value.object else { continue }
        for part in parts.members where known.rule(part.key, value: part.value)?.isHeld != true {
          parts[part.key] = nil
          attributes[member.key] = .object(parts)
          said.insert("\(type.name) has no attribute \(member.key):\(part.key) there: left out")
        }
      } else if rule(member.key, value: member.value)?.isHeld != true {
        attributes[member.key] = nil
        said.insert("\(type.name) has no attribute \(member.key) there: left out")
      } else if let rule = rule(member.key) {
        var unheld: Set<String> = []
        guard let rest = rule.attribute.leavingOutUnheldParts(of: member.value, at: member.key, &unheld) else {
          continue
        }
        attributes[member.key] = rest
        said.formUnion(unheld.map { "\(type.name) has no attribute \($0) there: left out" })
      }
    }
    return said
  }

  /// Removes the elements that the endpoint has no room for.
  /// - Returns: what to say about them.
  func leaveOutUnfitting(_ attributes: inout JSONObject) -> Set<String> {
    var said: Set<String> = []
    for (path, limit) in elementLimits where attributes.leaveOutUnfitting(limit, at: path.split(separator: ".")[...]) {
      said.insert("\(type.name).\(path): there is no room for all of them there: some are left out")
    }
    return said
  }
}

extension JSONObject {
  /// Removes the elements that a limit has no room for.
  /// - Parameter path: the names down to the multi-valued attribute.
  /// - Returns: whether there were any.
  fileprivate mutating func leaveOutUnfitting(_ limit: ElementLimit, at path: ArraySlice<Substring>) -> Bool {
    guard let name = path.first.map(String.init), let value = self[name] else { return false }
    if path.count > 1 {
      guard var inner = value.object else { return false }
      let areSomeLeftOut = inner.leaveOutUnfitting(limit, at: path.dropFirst())
      self[name] = .object(inner)
      return areSomeLeftOut
    }
    guard let elements = value.array, !elements.isEmpty else { return false }
    let fitting = limit.fitting(elements)
    self[name] = .array(fitting)
    return fitting.count < elements.count
  }
}

extension Attribute {
  /// The value without the parts that the schema does not know, at every depth; nil when it knows them all, as it does
  /// nearly always.
  /// - Parameter unheld: learns the paths of the others.
  fileprivate func leavingOutUnheldParts(
    of value: JSONValue, at path: String, _ unheld: inout Set<String>
  ) -> JSONValue? {
    guard !subAttributes.isEmpty else { return nil }
    if let elements = value.array {
      let pruned = elements.map { leavingOutUnheldParts(of: $0, at: path, &unheld) }
      guard pruned.contains(where: { $0 != nil }) else { return nil }
      return .array(zip(pruned, elements).map { $0 ?? $1 })
    }
    guard let object = value.object else { return nil }
    var rest = object
    var isPruned = false
    for member in object.members {
      guard let part = subAttribute(member.key) else {
        unheld.insert("\(path).\(member.key)")
        rest[member.key] = nil
        isPruned = true
        continue
      }
      guard !part.subAttributes.isEmpty,
        let inner = part.leavingOutUnheldParts(of: member.value, at: "\(path).\(member.key)", &unheld)
      else { continue }
      rest[member.key] = inner
      isPruned = true
    }
    return isPruned ? .object(rest) : nil
  }
}
