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
  /// The tags of which a resource that is written must have none: `*` writes nothing that is there.
  var ifNoneMatch: String? { request.headers[.ifNoneMatch] }

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

  /// The same with the entity tag, which is told in a header also where `meta` is not wanted (section 3.14).
  var projectionWithTag: Projection {
    get throws(SCIMError) { try projection.withTag }
  }

  func location(of type: ResourceType, _ id: String) -> String { "\(base.text)\(type.endpoint)/\(id)" }

  /// Whether the client wants this version or does not care.
  func accepts(_ version: String?) -> Bool {
    guard let version, let ifMatch else { return true }
    return EntityTag.isNamed(version, in: ifMatch)
  }

  /// Whether the client has this version already.
  func knows(_ version: String?) -> Bool {
    guard let version, let ifNoneMatch else { return false }
    return EntityTag.isNamed(version, in: ifNoneMatch)
  }
}

extension Projection {
  /// The same with the entity tag.
  var withTag: Projection {
    var projection = self
    if attributes.isEmpty {
      projection.excluded.removeAll { $0.attribute.lowercased() == "meta" }
    } else {
      projection.attributes.append(AttributePath("meta", sub: "version"))
    }
    return projection
  }
}

extension Response {
  /// The same for a client that has the body already: a cache renews what it knows by the headers (RFC 9110
  /// section 15.4.5). Without the place, which some clients would follow.
  var notModified: Response {
    var response = createHeadResponse()
    response.status = .notModified
    response.headers[.contentType] = nil
    response.headers[.location] = nil
    return response
  }
}
