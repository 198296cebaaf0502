import Foundation

/// Whether this process may use a file: one that it may not see is another thing than one that is not there.
enum FileAccess {
  case possible, denied, absent

  /// - Parameter mode: what is to be done with it, as access(2) takes it.
  init(to path: String, for mode: Int32 = R_OK) {
    self = access(path, mode) == 0 ? .possible : errno == ENOENT || errno == ENOTDIR ? .absent : .denied
  }
}
