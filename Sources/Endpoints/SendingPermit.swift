/// Whether requests may still be sent. A run that is told to stop, or whose lease is about to end, sends nothing more: neither
/// what waits for its turn nor what would be tried again, for which an endpoint may ask minutes.
package enum SendingPermit {
  /// For the task that sets it and for those that it starts.
  @TaskLocal package static var isGranted: @Sendable () -> Bool = { true }
}
