/// Lines with remarks at their right, which stand below each other where there is room.
struct TextTable {
  struct Row {
    var left: StyledLine
    var remark: StyledLine = ""
  }

  /// Between a line and its remark, in columns.
  private static let gap = 2

  let rows: [Row]
  /// Of the whole table, in columns.
  let width: Int

  func lines() -> [StyledLine] {
    let column = remarkColumn
    return rows.map { row in
      guard !row.remark.isEmpty else { return row.left }
      return row.left.padded(to: max(column, row.left.width + Self.gap)) + row.remark
    }
  }

  /// Behind the longest line that leaves room for the longest remark, or for one of a quarter of the width: one long
  /// remark does not disorder all the others. Longer lines push their remarks to the right.
  private var remarkColumn: Int {
    let remarked = rows.filter { !$0.remark.isEmpty }
    let room = max(width - (remarked.map(\.remark.width).max() ?? 0), width * 3 / 4)
    return remarked.map { $0.left.width + Self.gap }.filter { $0 <= room }.max() ?? 0
  }
}
