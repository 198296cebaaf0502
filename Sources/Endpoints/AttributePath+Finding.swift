import SCIM

extension AttributePath {
  /// The attribute that ``Endpoint/find(_:where:equals:)`` is asked to look at.
  /// - Throws: `misconfigured` for what is no path.
  init(finding attribute: String) throws(EndpointError) {
    do {
      self = try AttributePath(parsing: attribute)
    } catch {
      throw EndpointError(.misconfigured, "'\(attribute)' is not an attribute path: \(error.detail)")
    }
  }
}
