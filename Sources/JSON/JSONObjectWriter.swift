/// Writes an object in compact JSON, member by member.
package struct JSONObjectWriter: ~Copyable {
  private var serializer = JSONSerializer(.compact)
  private var isEmpty = true

  /// - Parameter capacity: how long the text may become before room for more must be found, in bytes.
  package init(capacity: Int) {
    serializer.reserve(capacity)
    serializer.appendEncoded(UInt8(ascii: "{"))
  }

  package mutating func append(_ key: String, _ value: JSONValue) {
    begin(key)
    serializer.append(value)
  }

  package mutating func append(_ key: String, _ text: String) {
    begin(key)
    serializer.appendQuoted(text)
  }

  /// - Parameter strings: the elements of an array.
  package mutating func append(_ key: String, strings: [String]) {
    begin(key)
    serializer.appendList(strings, UInt8(ascii: "["), UInt8(ascii: "]")) { $0.appendQuoted($1) }
  }

  /// - Parameter members: those of an object, all of them strings.
  package mutating func append(_ key: String, members: [(key: String, text: String)]) {
    begin(key)
    serializer.appendList(members, UInt8(ascii: "{"), UInt8(ascii: "}")) { serializer, member in
      serializer.appendQuoted(member.key)
      serializer.appendEncoded(UInt8(ascii: ":"))
      serializer.appendQuoted(member.text)
    }
  }

  /// - Parameter text: the value as JSON text.
  package mutating func append(_ key: String, text: ArraySlice<UInt8>) {
    begin(key)
    serializer.appendEncoded(text)
  }

  /// - Parameter list: the elements of an array, each as JSON text.
  package mutating func append(_ key: String, list: [[UInt8]]) {
    begin(key)
    serializer.appendEncoded(UInt8(ascii: "["))
    for (index, text) in list.enumerated() {
      if index > 0 { serializer.appendEncoded(UInt8(ascii: ",")) }
      serializer.appendEncoded(text)
    }
    serializer.appendEncoded(UInt8(ascii: "]"))
  }

  /// Ends the object, and gives its text.
  package consuming func finished() -> [UInt8] {
    serializer.appendEncoded(UInt8(ascii: "}"))
    return serializer.bytes
  }

  private mutating func begin(_ key: String) {
    if !isEmpty { serializer.appendEncoded(UInt8(ascii: ",")) }
    isEmpty = false
    serializer.appendQuoted(key)
    serializer.appendEncoded(UInt8(ascii: ":"))
  }
}
