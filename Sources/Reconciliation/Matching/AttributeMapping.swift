import JSON
import SCIM

/// One rule of an endpoint's mapping: how an attribute there comes from the manifest's attributes.
///
/// What the source yields goes through the table, is joined, put into lower case, and replaced by the fallback when
/// nothing is left, in this order.
package struct AttributeMapping: Hashable, Sendable {
  package enum Source: Hashable, Sendable {
    case attribute(AttributePath)
    /// The first of these that has a value.
    case firstOf([AttributePath])
    case constant(JSONValue)
    /// Text with `{{path}}` in it.
    case template([TemplatePart])
    /// The displayNames of the roles that name this user, as values (`to: roles`).
    case roles
  }

  package enum TemplatePart: Hashable, Sendable {
    case text(String)
    case attribute(AttributePath)
  }

  package var target: AttributePath
  package var source: Source
  /// What each value becomes, by the text it reads as; a value without an entry is left out, and a fault where there is
  /// no fallback.
  package var table: [String: JSONValue]?
  /// What stands between the values when they are to be one text.
  package var separator: String?
  package var lowercased: Bool
  /// The value when the source has none.
  package var fallback: JSONValue?
  /// Where the rule stands.
  package var location: SourceLocation?

  package init(
    to target: AttributePath, from source: Source, table: [String: JSONValue]? = nil, separator: String? = nil,
    lowercased: Bool = false, fallback: JSONValue? = nil, location: SourceLocation? = nil
  ) {
    self.target = target
    self.source = source
    self.table = table
    self.separator = separator
    self.lowercased = lowercased
    self.fallback = fallback
    self.location = location
  }
}
