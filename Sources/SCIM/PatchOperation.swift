import JSON

/// One operation of a PATCH request (RFC 7644 section 3.5.2).
package struct PatchOperation: Hashable, Sendable {
  package enum Verb: String, Sendable { case add, remove, replace }

  package var verb: Verb
  /// nil applies `value`, an object, to the resource itself.
  package var path: AttributePath?
  package var value: JSONValue?

  package init(_ verb: Verb, _ path: AttributePath? = nil, value: JSONValue? = nil) {
    self.verb = verb
    self.path = path
    self.value = value
  }
}
