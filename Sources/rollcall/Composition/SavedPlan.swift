import Foundation
import JSON
import Manifests
import Reconciliation
import Reports

/// A plan in a file, with a hash against tampering and an hour to live.
struct SavedPlan {
  let plan: Plan
  let createdAt: Date
  /// The options that it was made with, as the command line gives them. For people: what binds is the hash of the plan.
  let options: [String]
  /// The run that it takes back; nil for a plan to what the manifests say.
  let undoes: String?

  private static let formatVersion = 1
  private static let lifetime: TimeInterval = 3600

  var expiresAt: Date { createdAt + Self.lifetime }

  init(plan: Plan, options: [String], createdAt: Date, undoes: String?) {
    self.plan = plan
    self.options = options
    self.createdAt = createdAt
    self.undoes = undoes
  }

  /// - Throws: ``CommandFailure`` when the file cannot be read, is no plan, or is not as it was written.
  init(path: String) throws {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.usage, "the plan \(path) cannot be read", hint: Self.hint(path))
    }
    // What does not even begin as a plan is none that was damaged.
    guard bytes.first == UInt8(ascii: "{") else {
      throw CommandFailure(.usage, "\(path) is not a plan", hint: Self.hint(path))
    }
    do {
      let file = try JSONValue(parsing: [UInt8](bytes))
      guard file["formatVersion"]?.int == Self.formatVersion else {
        throw CommandFailure(.stalePlan, "\(path) is not a plan of this version of rollcall")
      }
      guard let json = file["plan"], let time = file["createdAt"]?.string,
        let createdAt = try? Date(time, strategy: .iso8601)
      else { throw CommandFailure(.stalePlan, "\(path) is damaged: it lacks the plan or its time") }
      plan = try Plan(json: json)
      self.createdAt = createdAt
      options = file["options"]?.array?.compactMap(\.string) ?? []
      undoes = file["undoes"]?.string
      guard file["hash"]?.string == plan.hash else {
        throw CommandFailure(
          .stalePlan, "\(path) was changed after it was written",
          hint: hintToPlanAgain(to: path))
      }
    } catch let error as JSONError {
      throw CommandFailure(.stalePlan, "\(path) is not a plan: \(error.message)")
    }
  }

  private static func hint(_ path: String) -> String {
    "manifests are given with -f: rollcall apply -f \(path)"
  }

  /// How a plan of the same kind is made.
  func hintToPlanAgain(to path: String) -> String {
    "make a new plan with: rollcall \(undoes.map { "undo \($0)" } ?? "plan") --out \(path)"
  }

  func write(to path: String) throws {
    var file: JSONObject = [
      "formatVersion": .number(JSONNumber(Self.formatVersion)), "createdAt": .string(createdAt.formatted(.iso8601)),
      "options": .array(options.map(JSONValue.string)), "hash": .string(plan.hash), "plan": plan.json,
    ]
    file["undoes"] = undoes.map(JSONValue.string)
    do {
      try Data(JSONValue.object(file).serialized()).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw CommandFailure(.unexpected, "the plan could not be written to \(path): \(error.reason)")
    }
  }
}

extension Pass {
  /// Saves the plan of the report for `apply`, unless an endpoint could not be read.
  func save(_ report: inout Report, to path: String) throws {
    guard let plan = report.plan, report.unreachable.isEmpty else { return }
    let saved = SavedPlan(
      plan: plan, options: options.arguments, createdAt: workspace.now(), undoes: undone?.run)
    try saved.write(to: path)
    report.planExpiresAt = saved.expiresAt
  }
}
