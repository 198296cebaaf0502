/// A failure of a store that may be over when the request comes again.
package protocol PassingFailure: Error {
  var mayPass: Bool { get }
}
