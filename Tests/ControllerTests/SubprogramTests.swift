import Foundation
import Testing

@testable import Controller

struct SubprogramTests {
  private let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "CANARY": "seen"]

  private func failure(_ program: Subprogram, _ arguments: [String] = []) -> Subprogram.Failure? {
    #expect(throws: Subprogram.Failure.self) { try program.run(arguments) }
  }

  @Test func outputComplaintAndStatus() async throws {
    let answer = try await Subprogram("sh", environment: environment).answer([
      "-c", "echo out; echo err >&2; echo $CANARY; exit 3",
    ])
    #expect(answer.text == "out\nseen\n")
    #expect(answer.complaint == "err\n")
    #expect(answer.status == 3)
  }

  @Test func argumentsAreNoShellWords() throws {
    let answer = try Subprogram("printf", environment: environment).run(["%s|", "a b", "$(id)", ";"])
    #expect(answer.text == "a b|$(id)|;|")
  }

  @Test func bothPipesMayBeFull() throws {
    let line = String(repeating: "0123456789", count: 4)
    let script = "i=0; while [ $i -lt 3000 ]; do echo \(line); echo $i-\(line) >&2; i=$((i+1)); done"
    let answer = try Subprogram("sh", environment: environment).run(["-c", script])
    #expect(answer.output.count == 3000 * 41)
    #expect(answer.complaint.hasPrefix("0-"))
  }

  @Test func whatIsNotThere() {
    #expect(failure(Subprogram("rollcall-no-such-program", environment: environment)) == .missing)
    #expect(failure(Subprogram("sh", environment: ["PATH": "/nowhere"])) == .missing)
  }

  @Test func whatTakesTooLongIsEnded() {
    var program = Subprogram("sleep", environment: environment)
    program.timeout = 0.2
    #expect(failure(program, ["1000"]) == .timedOut)
  }

  @Test func whatDoesNotListenIsKilled() {
    var program = Subprogram("sh", environment: environment)
    program.timeout = 0.2
    #expect(failure(program, ["-c", "trap '' TERM; while :; do sleep 0.1; done"]) == .timedOut)
  }

  @Test func aStopEndsIt() {
    var program = Subprogram("sleep", environment: environment)
    let stop = StopSignal()
    stop.raise()
    program.stop = stop
    #expect(failure(program, ["1000"]) == .stopped)
  }
}
