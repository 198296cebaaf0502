import Foundation
import JSON

/// What a store keeps of a resource beside its attributes.
package struct ResourceHead: Hashable, Sendable {
  package var type: String
  package var id: String
  package var version: Int
  package var created: Date
  package var lastModified: Date

  package init(type: String, id: String, version: Int, created: Date, lastModified: Date) {
    self.type = type
    self.id = id
    self.version = version
    self.created = created
    self.lastModified = lastModified
  }
}

extension StoredResource {
  package init(_ head: ResourceHead, attributes: JSONObject) {
    self.init(
      type: head.type, id: head.id, attributes: attributes, version: head.version, created: head.created,
      lastModified: head.lastModified)
  }

  var head: ResourceHead {
    ResourceHead(type: type, id: id, version: version, created: created, lastModified: lastModified)
  }
}

/// A ``StoredResource`` whose attributes are left as text.
package struct StoredText: Sendable {
  package struct Attribute: Sendable {
    package let name: String
    /// As JSON.
    package let value: ArraySlice<UInt8>

    var isEmptyObject: Bool { value.elementsEqual("{}".utf8) }
  }

  package var head: ResourceHead
  package var attributes: [Attribute]
  /// Whether references may stand in the attributes, and need the base address of the service.
  package var mayHoldReferences: Bool

  init?(_ stored: StoredResource) {
    guard let text = ShallowObject(stored.attributes.serialized()) else { return nil }
    self.init(stored.head, text)
  }

  /// - Parameter name: the name of an attribute by its spelling in the text.
  package init(_ head: ResourceHead, _ text: ShallowObject, name: (String) -> String = { $0 }) {
    self.head = head
    attributes = text.members.map { Attribute(name: name($0.key), value: text[$0]) }
    mayHoldReferences = text.mayHoldReferences
  }

  /// The resource with its attributes as values.
  /// - Throws: `JSONError` for text that is broken.
  func parsed() throws(JSONError) -> StoredResource {
    var members: [JSONObject.Member] = []
    for attribute in attributes {
      members.append(.init(key: attribute.name, value: try JSONValue(parsing: attribute.value)))
    }
    return StoredResource(head, attributes: JSONObject(uniqueMembers: members))
  }
}
