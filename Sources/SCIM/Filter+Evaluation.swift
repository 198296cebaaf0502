import JSON

extension Filter {
  /// Whether the resource matches. A filter that compares what has no order matches nothing.
  ///
  /// To test many resources, make one `FilterPredicate` and use it for all.
  package func matches(_ resource: JSONObject, type: ResourceType?, catalog: SchemaCatalog) -> Bool {
    (try? FilterPredicate(self, type: type, catalog: catalog))?.matches(resource) ?? false
  }
}

/// A filter made ready for many resources: attributes are looked up and operands converted once.
package struct FilterPredicate: Sendable {
  private let root: FilterNode

  /// Attributes that the catalog does not know compare without regard to case.
  ///
  /// Throws 400 `invalidFilter` for an order on booleans or binary values, and for a date that is none.
  package init(_ filter: Filter, type: ResourceType?, catalog: SchemaCatalog) throws(SCIMError) {
    root = try FilterNode(filter, in: .resource(type, catalog))
  }

  package func matches(_ resource: JSONObject) -> Bool { root.matches(.object(resource)) }
}

/// What a filter's paths start from.
enum FilterScope {
  case resource(ResourceType?, SchemaCatalog?)
  /// One value of a complex attribute, between the brackets of a value filter.
  case element(of: Attribute?)

  func attribute(at path: AttributePath) -> Attribute? {
    switch self {
    case .resource(let type?, let catalog?): return path.resolveParent(in: type, catalog: catalog)
    case .resource: return path.isCore(in: nil) ? Schema.common.attribute(path.attribute) : nil
    case .element(let parent): return parent?.subAttribute(path.attribute)
    }
  }

  /// Whether the path names the mark of the primary value of a multi-valued attribute.
  /// - Parameter attribute: what ``attribute(at:)`` finds.
  func isPrimary(_ path: AttributePath, _ attribute: Attribute?) -> Bool {
    switch self {
    case .resource: attribute?.isMultiValued == true && path.subAttribute?.isEqual(ignoringCase: "primary") == true
    case .element(let parent): parent?.isMultiValued == true && path.attribute.isEqual(ignoringCase: "primary")
    }
  }

  func hasAttributeDirectly(_ path: AttributePath) -> Bool {
    switch self {
    case .resource(let type, _): path.isCore(in: type)
    case .element: true
    }
  }
}

/// A filter whose paths and operands are resolved.
indirect enum FilterNode: Sendable {
  case present(AttributeReach)
  case exists(AttributeReach)
  case compare(AttributeReach, ValueTest)
  /// `ne`: some value differs, or there is none.
  case differs(AttributeReach, ValueTest)
  case and(FilterNode, FilterNode)
  case or(FilterNode, FilterNode)
  case not(FilterNode)

  init(_ filter: Filter, in scope: FilterScope) throws(SCIMError) {
    switch filter {
    case .present(let path): self = .present(try AttributeReach(path, in: scope))
    case .compare(let path, let comparison, let operand): self = try Self.comparing(path, comparison, operand, scope)
    case .valuePath(var path, let elements):
      path.valueFilter = elements
      self = .exists(try AttributeReach(path, in: scope))
    case .and(let left, let right): self = .and(try FilterNode(left, in: scope), try FilterNode(right, in: scope))
    case .or(let left, let right): self = .or(try FilterNode(left, in: scope), try FilterNode(right, in: scope))
    case .not(let filter): self = .not(try FilterNode(filter, in: scope))
    }
  }

  private static func comparing(
    _ path: AttributePath, _ comparison: Filter.Comparison, _ operand: JSONValue, _ scope: FilterScope
  ) throws(SCIMError) -> FilterNode {
    var reach = try AttributeReach(path, in: scope)
    switch (comparison, operand) {
    case (.equal, .null): return .not(.present(reach))
    case (.notEqual, .null): return .present(reach)
    default: break
    }
    let parent = scope.attribute(at: path)
    let named = path.subAttribute.map { parent?.subAttribute($0) } ?? parent
    if scope.isPrimary(path, parent) { reach.assumed = .bool(false) }
    // A complex attribute without a sub-attribute compares by its `value`.
    let compared = named?.type == .complex ? named?.subAttribute("value") : named
    do {
      let test = try ValueTest(comparison, operand, attribute: compared)
      return comparison == .notEqual ? .differs(reach, test) : .compare(reach, test)
    } catch {
      throw SCIMError(status: 400, .invalidFilter, "\(path): \(error.reason)")
    }
  }

  func matches(_ holder: JSONValue) -> Bool {
    switch self {
    case .present(let reach): reach.contains(in: holder, where: \.isPresent)
    case .exists(let reach): reach.contains(in: holder) { _ in true }
    case .compare(let reach, let test): reach.contains(in: holder, where: test.matches)
    case .differs(let reach, let test):
      reach.contains(in: holder, where: test.matches) || !reach.contains(in: holder) { _ in true }
    case .and(let left, let right): left.matches(holder) && right.matches(holder)
    case .or(let left, let right): left.matches(holder) || right.matches(holder)
    case .not(let node): !node.matches(holder)
    }
  }
}

extension JSONValue {
  /// `pr` (RFC 7644 table 3): neither null nor empty; a complex value needs one member that is present.
  fileprivate var isPresent: Bool {
    switch self {
    case .null: false
    case .bool, .number: true
    case .string(let text): !text.isEmpty
    case .array(let values): values.contains(where: \.isPresent)
    case .object(let object): object.members.contains { $0.value.isPresent }
    }
  }
}
