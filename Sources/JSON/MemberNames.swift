/// Finds a member name that stands twice while an object is read.
///
/// Most objects are small, and comparing every name with every earlier one would still cost more than reading them. One
/// bit for each name tells at once that a name is new; large objects, which may come from an attacker, use a set.
struct MemberNames {
  private static let scanLimit = 16
  private var marks: UInt64 = 0
  private var all: Set<String> = []

  /// False when the name stands among the earlier members.
  mutating func insert(_ name: String, after members: [JSONObject.Member]) -> Bool {
    guard members.count < Self.scanLimit else {
      if all.isEmpty { all = Set(members.map(\.key)) }
      return all.insert(name).inserted
    }
    let mark = Self.mark(of: name)
    let isNew = marks & mark == 0 || !members.contains { $0.key == name }
    marks |= mark
    return isNew
  }

  /// All bits for a name beyond ASCII: it can equal a name of other bytes (canonical equivalence), so it is compared
  /// with every other.
  private static func mark(of name: String) -> UInt64 {
    var hash: UInt8 = 0
    var union: UInt8 = 0
    for byte in name.utf8 {
      hash = hash &* 31 &+ byte
      union |= byte
    }
    return union < 0x80 ? 1 << UInt64(hash & 63) : .max
  }
}
