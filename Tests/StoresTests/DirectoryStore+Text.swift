import JSON
import LocalDirectory

extension DirectoryStore {
  /// The resource made of the text of its attributes.
  func readAsText(_ type: String, _ id: String) async throws -> StoredResource? {
    guard let text = try await read({ try $0.text(type, id) }) else { return nil }
    return StoredResource(
      text.head, attributes: JSONObject(try text.attributes.map { ($0.name, try JSONValue(parsing: $0.value)) }))
  }
}
