import SCIM

/// Where a page of a list lies among the others.
struct Paging {
  /// How many a page holds.
  static let size = 50

  let first: Int
  let shown: Int
  let total: Int
  private let address: (Int) -> String

  /// - Parameter address: of the page that begins with a number.
  init(first: Int, shown: Int, of total: Int, _ address: @escaping (Int) -> String) {
    self.first = first
    self.shown = shown
    self.total = total
    self.address = address
  }

  /// The number that the page begins with which a query asks for, counted from 1.
  static func first(in query: QueryParameters) throws(SCIMError) -> Int { max(try query.int("from") ?? 1, 1) }

  var content: [String: PageContent?] {
    let last = first + shown - 1
    return [
      "range": shown == 0 ? nil : .text(total <= Self.size ? "\(total) in all" : "\(first) to \(last) of \(total)"),
      "previous": first > 1 ? .text(address(max(first - Self.size, 1))) : nil,
      "next": last < total && shown > 0 ? .text(address(last + 1)) : nil,
    ]
  }
}
