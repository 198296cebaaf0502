import SCIM

/// What a listing asks for (RFC 7644 section 3.4.2).
package struct ListQuery: Sendable {
  package var filter: Filter?
  /// Only those whose name belongs to this user store: `PRIMARY`, `SECONDARY`. nil lists those of every store.
  package var domain: String?
  /// nil lists in the order of creation.
  package var sortBy: AttributePath?
  package var descending: Bool
  /// Counted from 1; less is read as 1.
  package var startIndex: Int
  /// The most resources to return: 0 only counts, nil does not limit. Less than 0 is read as 0.
  package var count: Int?
  package var attributes: [AttributePath]
  package var excludedAttributes: [AttributePath]
  /// What is returned on request only, and asked for beside whatever else is returned.
  package var requestedAttributes: [AttributePath]

  package init(
    filter: Filter? = nil, domain: String? = nil, sortBy: AttributePath? = nil, descending: Bool = false,
    startIndex: Int = 1, count: Int? = nil, attributes: [AttributePath] = [],
    excludedAttributes: [AttributePath] = [], requestedAttributes: [AttributePath] = []
  ) {
    self.filter = filter
    self.domain = domain
    self.sortBy = sortBy
    self.descending = descending
    self.startIndex = startIndex
    self.count = count
    self.attributes = attributes
    self.excludedAttributes = excludedAttributes
    self.requestedAttributes = requestedAttributes
  }

  var projection: Projection {
    Projection(attributes: attributes, excluding: excludedAttributes, requesting: requestedAttributes)
  }
  var offset: Int { max(startIndex, 1) - 1 }
  var limit: Int { max(count ?? .max, 0) }
}
