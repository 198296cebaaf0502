import JSON

/// A SCIM resource (RFC 7643 section 3): its attributes as they stand on the wire, unknown ones included.
package struct Resource: Hashable, Sendable {
  package var attributes: JSONObject

  package init(_ attributes: JSONObject) { self.attributes = attributes }

  /// Empty when the resource has not been created yet.
  package var id: String { attributes["id"]?.string ?? "" }
  package var externalId: String? { attributes["externalId"]?.string }
  package var userName: String? { attributes["userName"]?.string }
  package var displayName: String? { attributes["displayName"]?.string }
  /// The entity tag (`meta.version`), quotes and `W/` included.
  package var version: String? { attributes["meta"]?["version"]?.string }

  package subscript(name: String) -> JSONValue? {
    get { attributes[name] }
    set { attributes[name] = newValue }
  }
}
