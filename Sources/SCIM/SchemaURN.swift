/// The URNs of schemas and protocol messages (RFC 7643 section 10.3, RFC 7644 section 8.2).
package enum SchemaURN {
  package static let user = "urn:ietf:params:scim:schemas:core:2.0:User"
  package static let enterpriseUser = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
  package static let group = "urn:ietf:params:scim:schemas:core:2.0:Group"
  /// WSO2's, the only spelling of roles in wide use.
  package static let role = "urn:ietf:params:scim:schemas:extension:2.0:Role"
  package static let identityProvider = "urn:rollcall:params:scim:schemas:core:1.0:IdentityProvider"
  package static let serviceProvider = "urn:rollcall:params:scim:schemas:core:1.0:ServiceProvider"

  /// Whether the schema is one that Rollcall made up, for resources that the RFCs do not know.
  static func isOurs(_ urn: String) -> Bool { urn.lowercased().hasPrefix("urn:rollcall:") }

  package static let serviceProviderConfig = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
  package static let resourceType = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
  package static let schema = "urn:ietf:params:scim:schemas:core:2.0:Schema"

  package static let listResponse = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
  package static let searchRequest = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
  package static let patchRequest = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
  package static let bulkRequest = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
  package static let bulkResponse = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
  package static let error = "urn:ietf:params:scim:api:messages:2.0:Error"
}
