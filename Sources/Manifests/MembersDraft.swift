import Reconciliation

/// The members of a group or role as its document has them: names not yet looked up, selectors not yet resolved.
struct MembersDraft {
  var mode = DesiredMembers.Mode.exact
  /// Sorted by key; every key once.
  private(set) var references: [DesiredMembers.Reference] = []
  /// Where the references stand, one for each.
  private(set) var marks: [YAMLMark] = []
  var selector: [String: String] = [:]
  var allowsEmpty = false
  /// Whether nobody is named; entries that were refused count as somebody.
  var isEmpty = true
  var mark: YAMLMark

  init(mark: YAMLMark) { self.mark = mark }

  /// Takes the references in the order of their keys.
  /// - Parameter repeated: called for each that stands a second time, with its mark and that of the first.
  mutating func take(
    _ references: [DesiredMembers.Reference], at marks: [YAMLMark],
    repeated: (DesiredMembers.Reference, YAMLMark, YAMLMark) -> Void
  ) {
    // Lists are mostly written in order; only the others pay for sorting and for the search for duplicates.
    let isSorted = zip(references, references.dropFirst()).allSatisfy { $0.key < $1.key }
    guard !isSorted else { return (self.references, self.marks) = (references, marks) }
    let order = references.indices.sorted {
      (references[$0].key, marks[$0].line, marks[$0].column) < (references[$1].key, marks[$1].line, marks[$1].column)
    }
    for index in order {
      if let last = self.references.last, let first = self.marks.last, last.key == references[index].key {
        repeated(references[index], marks[index], first)
      } else {
        self.references.append(references[index])
        self.marks.append(marks[index])
      }
    }
  }
}
