/// Where a page begins: user stores that are known are listed one after another, as the server's own walk over them is not
/// to be relied on.
struct WSO2Place: Equatable {
  /// Which of the stores; 0 where none is known.
  var store = 0
  /// Counted from 1.
  var start = 1

  init() {}

  /// nil for a position that no page was followed by.
  init?(_ position: PagePosition?) {
    switch position {
    case nil: break
    case .index(let index)?: start = index
    case .cursor(let text)?:
      let numbers = text.split(separator: "/").compactMap { Int($0) }
      guard numbers.count == 2 else { return nil }
      (store, start) = (numbers[0], numbers[1])
    }
  }

  func position(amongStores: Bool) -> PagePosition { amongStores ? .cursor("\(store)/\(start)") : .index(start) }
}
