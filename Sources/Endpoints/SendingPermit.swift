/// Whether requests may still be sent. A run that is told to stop, or whose lease is about to end, sends nothing more: neither
/// what waits for its turn nor what would be tried again, for which an endpoint may ask minutes.
///
/// A type around the closure, for optimised code crashes where a closure is a task's value by itself (Swift 6.3).
package struct SendingPermit: Sendable {
  /// For the task that sets it and for those that it starts.
  @TaskLocal package static var current = SendingPermit { true }

  package let isGranted: @Sendable () -> Bool

  package init(_ isGranted: @escaping @Sendable () -> Bool) { self.isGranted = isGranted }

  /// Returns when it is not granted any more, or the task is cancelled.
  func withdrawal() async {
    while isGranted() {
      do { try await Task.sleep(for: .milliseconds(100)) } catch { return }
    }
  }
}
