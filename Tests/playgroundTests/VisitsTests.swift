import OpenID
import Testing

@testable import playground

/// What is remembered of browsers, and for whom.
struct VisitsTests {
  @Test func aSecretIsGoodUntilTheNextOne() {
    let visits = Visits()
    let attempt = SignInAttempt(clientID: "app")
    let first = visits.keep(Visit(attempt: attempt), insteadOf: nil)
    #expect(visits.visit(first)?.attempt == attempt)
    let second = visits.keep(Visit(farewell: "f"), insteadOf: first)
    #expect(visits.visit(first) == nil)
    #expect(visits.visit(second)?.farewell == "f")
    #expect(visits.visit(nil) == nil)
    #expect(visits.visit(TokenSecret("guess")) == nil)
  }

  @Test func whoeverWasAwayTheLongestGoes() {
    let visits = Visits(capacity: 2)
    let first = visits.keep(Visit(), insteadOf: nil)
    let second = visits.keep(Visit(), insteadOf: nil)
    #expect(visits.visit(first) != nil)
    let third = visits.keep(Visit(), insteadOf: nil)
    #expect(visits.visit(second) == nil)
    #expect(visits.visit(first) != nil && visits.visit(third) != nil)
  }

  @Test func whatIsGoneIsNotBroughtBack() {
    let visits = Visits()
    let first = visits.keep(Visit(), insteadOf: nil)
    _ = visits.keep(Visit(), insteadOf: first)
    visits.update(first) { $0.farewell = "late" }
    #expect(visits.visit(first) == nil)
  }
}
