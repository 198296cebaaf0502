import Foundation

/// Holds a folder for this process for as long as the value lives, however the process ends.
final class FolderLock: Sendable {
  private let descriptor: Int32

  /// nil when another process holds it, or when nothing can be written there.
  init?(_ folder: String) {
    descriptor = open(folder + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
  }

  deinit { close(descriptor) }
}
