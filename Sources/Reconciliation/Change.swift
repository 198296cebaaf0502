import Foundation
import JSON
import SCIM

/// How a desired and a live resource belong together. The answer is a situation, never a guess.
package enum Situation: String, Sendable {
  /// The ledger ties them.
  case linked
  /// A correlation attribute ties them; the ledger does not know it yet.
  case found
  /// Desired, and not there.
  case missing
  /// There and ours by the ledger, no longer desired.
  case unmanaged
  /// There, and not ours.
  case foreign
  /// More than one candidate.
  case ambiguous
}

/// Whose doing a difference is (three-way: desired, last applied, live).
package enum Cause: String, Sendable {
  /// The manifest changed since we last applied it.
  case manifest
  /// The endpoint changed behind our back.
  case endpoint
  /// Both did.
  case both
  /// There is no record of a last apply.
  case unknown
}

/// One attribute of a change. For members, `before` holds who leaves and `after` who comes, as arrays of names.
package struct AttributeChange: Hashable, Sendable {
  /// As a user reads it: `emails[type eq "work"].value`, `members`.
  package var path: String
  /// nil: was not there. Write-only values stand as the string `•••`.
  package var before: JSONValue?
  /// nil: will not be there.
  package var after: JSONValue?
  package var cause: Cause

  package init(path: String, before: JSONValue?, after: JSONValue?, cause: Cause) {
    self.path = path
    self.before = before
    self.after = after
    self.cause = cause
  }
}

/// One difference to remove: one write at one endpoint, described whole, as data.
package struct Change: Hashable, Sendable {
  package enum Action: String, Sendable, CaseIterable { case create, update, disable, delete }

  /// What is sent. References to resources created in the same run stand as `bulkId:`.
  package enum Request: Hashable, Sendable {
    case create(JSONObject)
    case patch([PatchOperation])
    case replace(JSONObject)
    case delete
  }

  package var key: ResourceKey
  package var action: Action
  package var situation: Situation
  /// nil for a create.
  package var remoteID: String?
  /// The userName or displayName that it has there now; nil for a create.
  package var liveName: String?
  /// The entity tag that was read, sent as the precondition where the endpoint supports it.
  package var version: String?
  package var request: Request
  package var attributes: [AttributeChange]
  /// Attribute path to secret, added to the request at the moment it is sent.
  package var secrets: [String: SecretReference]
  /// What the ledger records once the change is applied; nil for a delete.
  package var ledgerEntry: Ledger.Entry?
  /// Why, in words that need no other context: `removed from the manifests`, `endsAt 2026-11-30 has passed`.
  package var reason: String
  package var source: SourceLocation?
  /// The keys of changes at the same endpoint that must have been applied first.
  package var dependencies: [ResourceKey]

  package init(
    key: ResourceKey, action: Action, situation: Situation, remoteID: String? = nil, liveName: String? = nil,
    version: String? = nil, request: Request, attributes: [AttributeChange] = [],
    secrets: [String: SecretReference] = [:],
    ledgerEntry: Ledger.Entry? = nil, reason: String = "", source: SourceLocation? = nil,
    dependencies: [ResourceKey] = []
  ) {
    self.key = key
    self.action = action
    self.situation = situation
    self.remoteID = remoteID
    self.liveName = liveName
    self.version = version
    self.request = request
    self.attributes = attributes
    self.secrets = secrets
    self.ledgerEntry = ledgerEntry
    self.reason = reason
    self.source = source
    self.dependencies = dependencies
  }
}
