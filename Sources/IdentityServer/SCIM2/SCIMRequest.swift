import HTTPTypes
import HummingbirdCore
import LocalDirectory
import SCIM

/// A request to the SCIM service from someone who may make it.
struct SCIMRequest: Sendable {
  let request: Request
  let principal: Principal
  /// Signs what the request writes.
  let author: Author
  let base: BaseAddress

  /// The tags that the client's knowledge rests on.
  var ifMatch: String? { request.headers[.ifMatch] }

  /// - Throws: `SCIMError` 400 when the query string is broken.
  var parameters: QueryParameters {
    get throws(SCIMError) { try QueryParameters(request.uri.query) }
  }

  /// Which attributes the answer shall have, whatever the method (RFC 7644 section 3.9).
  var projection: Projection {
    get throws(SCIMError) {
      let parameters = try parameters
      return Projection(
        attributes: try parameters.paths("attributes"), excluding: try parameters.paths("excludedAttributes"))
    }
  }

  /// Whether the client has this version already (RFC 7232 section 3.2: compared weakly).
  func knows(_ version: String?) -> Bool {
    guard let version, let header = request.headers[.ifNoneMatch] else { return false }
    return header.split(separator: ",").contains { part in
      let tag = part.filter { $0 != " " }
      return tag == "*" || Self.opaque(tag) == Self.opaque(version)
    }
  }

  /// The tag without the mark of weakness.
  private static func opaque(_ tag: String) -> Substring { tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...] }
}
