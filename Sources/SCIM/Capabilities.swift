/// What a service provider says that it can do (RFC 7643 section 5), with the catalog that goes with it.
package struct Capabilities: Hashable, Sendable {
  package var supportsPatch: Bool
  package var supportsBulk: Bool
  package var supportsFilter: Bool
  package var supportsSort: Bool
  package var supportsEntityTags: Bool
  package var supportsChangePassword: Bool
  /// `filter.maxResults`: the most resources one page may hold; nil when not said.
  package var maxResults: Int?
  package var maxBulkOperations: Int?
  /// `bulk.maxPayloadSize`: the most bytes that one bulk request may have.
  package var maxBulkPayload: Int?
  /// nil when nothing is said of it: then there are no cursors.
  package var pagination: Pagination?
  /// The names of the resource types whose resources cannot be deleted, only deactivated.
  package var undeletableTypes: Set<String> = []
  /// How many elements multi-valued attributes have room for, by resource type and attribute; what is not named here has
  /// room for any number.
  package var elementLimits: [String: [String: ElementLimit]] = [:]
  /// Elements of multi-valued attributes that the endpoint adds by itself, by resource type and attribute: one that
  /// nobody asks for is no difference.
  package var automaticElements: [String: [String: Filter]] = [:]
  /// Resources that are part of the endpoint itself, by resource type: nobody made them, and nobody is to remove them.
  package var permanentResources: [String: Filter] = [:]
  /// What a listing brings of each resource, by resource type, where the rest takes requests of its own. A type that is
  /// not named here is listed whole.
  package var listedAttributes: [String: Set<String>] = [:]
  package var catalog: SchemaCatalog

  package init(
    supportsPatch: Bool = true, supportsBulk: Bool = false, supportsFilter: Bool = false, supportsSort: Bool = false,
    supportsEntityTags: Bool = false, supportsChangePassword: Bool = false, maxResults: Int? = nil,
    maxBulkOperations: Int? = nil, maxBulkPayload: Int? = nil, pagination: Pagination? = nil, catalog: SchemaCatalog
  ) {
    self.supportsPatch = supportsPatch
    self.supportsBulk = supportsBulk
    self.supportsFilter = supportsFilter
    self.supportsSort = supportsSort
    self.supportsEntityTags = supportsEntityTags
    self.supportsChangePassword = supportsChangePassword
    self.maxResults = maxResults
    self.maxBulkOperations = maxBulkOperations
    self.maxBulkPayload = maxBulkPayload
    self.pagination = pagination
    self.catalog = catalog
  }
}
