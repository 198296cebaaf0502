/// Who comes to one membership attribute of a container and who leaves it, against what the store holds now.
struct MembershipDelta {
  let container: String
  let attribute: String
  private var added: [String] = []
  private var removed: [String] = []

  init(container: String, attribute: String) {
    self.container = container
    self.attribute = attribute
  }

  var newcomers: [String] { added }

  var change: MembershipChange {
    MembershipChange(added: added.map(membership), removed: removed.map(membership))
  }

  mutating func apply(_ step: MembershipPatch.Step, _ reader: any DirectoryReader) throws {
    switch step {
    case .add(let ids): try add(ids, reader)
    case .remove(let ids): try remove(ids, reader)
    case .replaceAll(let ids): try replaceAll(with: ids, reader)
    }
  }

  private mutating func add(_ ids: [String], _ reader: any DirectoryReader) throws {
    let present = try reader.members(among: ids, of: container, in: attribute)
    let known = Set(added)
    let coming = Set(ids)
    added += ids.filter { !present.contains($0) && !known.contains($0) }
    removed.removeAll { coming.contains($0) }
  }

  private mutating func remove(_ ids: [String], _ reader: any DirectoryReader) throws {
    let present = try reader.members(among: ids, of: container, in: attribute)
    let known = Set(removed)
    let leaving = Set(ids)
    added.removeAll { leaving.contains($0) }
    removed += ids.filter { present.contains($0) && !known.contains($0) }
  }

  private mutating func replaceAll(with ids: [String], _ reader: any DirectoryReader) throws {
    let present = try reader.members(of: container, in: attribute).map(\.id)
    let (old, new) = (Set(present), Set(ids))
    added = ids.filter { !old.contains($0) }
    removed = present.filter { !new.contains($0) }
  }

  private func membership(_ member: String) -> Membership {
    Membership(container: container, attribute: attribute, member: member)
  }
}
