/// The members of a JSON object, in the order they were written; equality ignores the order.
///
/// Lookup is a linear scan: resources have a dozen members, for which that beats hashing.
package struct JSONObject: Sendable {
  package struct Member: Sendable {
    package let key: String
    package var value: JSONValue

    package init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  package private(set) var members: [Member]

  package init() { members = [] }

  /// Takes the members as they are; the caller vouches that no key stands twice.
  package init(uniqueMembers members: [Member]) { self.members = members }

  /// A later pair with the same key replaces the earlier one.
  package init(_ pairs: [(String, JSONValue)]) {
    members = []
    members.reserveCapacity(pairs.count)
    for (key, value) in pairs { self[key] = value }
  }

  package var isEmpty: Bool { members.isEmpty }
  package var count: Int { members.count }
  package var keys: [String] { members.map(\.key) }

  /// The value under exactly this key. Setting nil removes the member; setting a new key appends it.
  package subscript(key: String) -> JSONValue? {
    get { members.first { $0.key == key }?.value }
    set {
      let index = members.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  /// The key as it is spelled here, compared without regard to case (RFC 7643 section 2.1: attribute names).
  package func spelling(of key: String) -> String? {
    if members.contains(where: { $0.key == key }) { return key }
    return members.first { $0.key.isEqual(ignoringCase: key) }?.key
  }

  /// The value under this key, compared without regard to case.
  package func value(ignoringCase key: String) -> JSONValue? { spelling(of: key).flatMap { self[$0] } }
}

extension JSONObject: Hashable {
  package static func == (a: JSONObject, b: JSONObject) -> Bool {
    guard a.members.count == b.members.count else { return false }
    return zip(a.members, b.members).allSatisfy { $0.key == $1.key && $0.value == $1.value }
      || a.members.allSatisfy { b[$0.key] == $0.value }
  }

  package func hash(into hasher: inout Hasher) {
    let combined = members.reduce(into: 0) { sum, member in
      var one = Hasher()
      one.combine(member.key)
      one.combine(member.value)
      sum ^= one.finalize()
    }
    hasher.combine(combined)
  }
}

extension JSONObject: Sequence {
  package func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
