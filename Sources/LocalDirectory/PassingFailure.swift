/// A failure of a store, unlike what a transaction refuses by itself.
package protocol PassingFailure: Error {
  /// Whether it may be over when the request comes again.
  var mayPass: Bool { get }
}
