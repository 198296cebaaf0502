import JSON
import SCIM

/// What stands at one endpoint behind the references of manifests, and how the ids found there are called.
struct References: Sendable {
  enum Target: Hashable, Sendable {
    /// It is there, with this id.
    case live(String)
    /// It will be created in this run.
    case created
  }

  private var targets: [ResourceKey: Target] = [:]
  private var keys: [String: ResourceKey] = [:]
  private var liveNames: [String: String] = [:]
  /// The ids of what the ledger knows and nothing desired is paired with.
  private var past: [ResourceKey: String] = [:]
  /// Ids that a doubtful match may mean: they are never taken out of a group.
  private(set) var doubtful: Set<String> = []

  mutating func reserveCapacity(_ count: Int) {
    targets.reserveCapacity(count)
    keys.reserveCapacity(count)
  }

  mutating func set(_ target: Target, for key: ResourceKey) {
    targets[key] = target
    if case .live(let id) = target { keys[id] = key }
  }

  /// Takes in whom the ledger knows besides: those who left the manifests, and those who are gone.
  mutating func remember(_ ledger: Ledger) {
    for entry in ledger.entries.values {
      if case .live = targets[entry.key] { continue }
      past[entry.key] = entry.remoteID
      if keys[entry.remoteID] == nil { keys[entry.remoteID] = entry.key }
    }
  }

  /// Remembers how a live resource that no manifest speaks of is called.
  mutating func setName(_ name: String, of id: String) { liveNames[id] = name }

  mutating func doubt(_ ids: [String]) { doubtful.formUnion(ids) }

  /// The id of a live resource that no manifest speaks of, by what it is called; nil when more than one are called so.
  func id(named name: String) -> String? {
    if liveNames[name] != nil || keys[name] != nil { return name }
    let called = liveNames.filter { $0.value == name }
    return called.count == 1 ? called.first?.key : nil
  }

  /// nil when the resource is not there and will not be.
  func target(of key: ResourceKey) -> Target? { targets[key] }

  /// The id that the resource has, or had when we last saw it: what was recorded may speak of those who have left since.
  func lastKnownID(of key: ResourceKey) -> String? {
    if case .live(let id) = targets[key] { id } else { past[key] }
  }

  /// How a reader knows the resource with this id: by its name in Git, else by its name there, else by the id.
  func name(of id: String) -> String { keys[id].map(Self.name) ?? liveNames[id] ?? id }

  /// People go by their name alone; everything else says what it is.
  static func name(_ key: ResourceKey) -> String { key.kind == "User" ? key.name : key.description }

  /// What a reference attribute's value becomes in a request.
  struct Resolution {
    /// nil when the resource that is meant cannot be named there.
    var value: JSONValue?
    /// What has to be created first.
    var dependency: ResourceKey?
  }

  /// Puts the live id in the place of a `bulkId:`; a value that is none stays as it is.
  func resolve(_ value: JSONValue) -> Resolution {
    guard case .object(var object) = value, let key = object.referencedKey else { return Resolution(value: value) }
    switch targets[key] {
    case .live(let id):
      object["value"] = .string(id)
      return Resolution(value: .object(object))
    case .created: return Resolution(value: value, dependency: key)
    case nil: return Resolution()
    }
  }

  /// Puts the last known id in the place of a `bulkId:` of what was recorded; a value that is none stays as it is.
  func resolve(recorded value: JSONValue) -> JSONValue {
    guard case .object(var object) = value, let id = object.referencedKey.flatMap(lastKnownID) else { return value }
    object["value"] = .string(id)
    return .object(object)
  }

  /// A reference as a reader wants it: the name of what it points to.
  func readable(_ value: JSONValue?) -> JSONValue? {
    guard let text = value?["value"]?.string else { return value }
    return .string(ResourceKey(bulkId: text).map(Self.name) ?? name(of: text))
  }
}

extension JSONObject {
  /// The resource that the `value` of this reference names.
  var referencedKey: ResourceKey? { self["value"]?.string.flatMap(ResourceKey.init(bulkId:)) }
}
