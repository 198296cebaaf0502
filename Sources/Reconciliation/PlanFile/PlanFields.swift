import Foundation
import JSON

/// Why a plan file cannot be read.
package struct PlanFormatError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence.
  package var description: String
}

/// A value that stands in a plan file, and comes out of it as it went in.
protocol PlanRepresentable {
  var planJSON: JSONValue { get }
  init(planJSON: JSONValue) throws(PlanFormatError)
}

/// Reads the members of one object of a plan file.
struct PlanFields {
  private let object: JSONObject
  private let owner: String

  init(_ value: JSONValue, of owner: String) throws(PlanFormatError) {
    guard let object = value.object else { throw PlanFormatError(description: "\(owner) is not an object") }
    self.object = object
    self.owner = owner
  }

  func callAsFunction<Value: PlanRepresentable>(_ name: String) throws(PlanFormatError) -> Value {
    guard let value = object[name] else { throw PlanFormatError(description: "\(owner) has no \(name)") }
    return try Value(planJSON: value)
  }

  /// An absent member reads as null, which only optionals take.
  func optional<Value: PlanRepresentable>(_ name: String) throws(PlanFormatError) -> Value? {
    guard let value = object[name] else { return nil }
    return try Value(planJSON: value)
  }
}

extension JSONObject {
  /// An object of these members, without those that are nil.
  init(plan members: [(String, (any PlanRepresentable)?)]) {
    self.init(
      uniqueMembers: members.compactMap { name, value in
        value.map { Member(key: name, value: $0.planJSON) }
      })
  }
}

extension JSONValue: PlanRepresentable {
  var planJSON: JSONValue { self }
  init(planJSON: JSONValue) { self = planJSON }
}

extension JSONObject: PlanRepresentable {
  var planJSON: JSONValue { .object(self) }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    guard let object = planJSON.object else { throw PlanFormatError(description: "an object is expected") }
    self = object
  }
}

extension String: PlanRepresentable {
  var planJSON: JSONValue { .string(self) }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    guard let text = planJSON.string else { throw PlanFormatError(description: "a text is expected") }
    self = text
  }
}

extension Int: PlanRepresentable {
  var planJSON: JSONValue { .number(JSONNumber(self)) }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    guard let number = planJSON.int else { throw PlanFormatError(description: "a whole number is expected") }
    self = number
  }
}

extension Bool: PlanRepresentable {
  var planJSON: JSONValue { .bool(self) }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    guard let flag = planJSON.bool else { throw PlanFormatError(description: "true or false is expected") }
    self = flag
  }
}

extension Double: PlanRepresentable {
  var planJSON: JSONValue { .number(JSONNumber(validLiteral: "\(self)")) }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    guard let number = planJSON.number else { throw PlanFormatError(description: "a number is expected") }
    self = number.double
  }
}

/// Seconds since 2001-01-01T00:00:00Z, the one form that loses no fraction of a second.
extension Date: PlanRepresentable {
  var planJSON: JSONValue { timeIntervalSinceReferenceDate.planJSON }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    self.init(timeIntervalSinceReferenceDate: try Double(planJSON: planJSON))
  }
}

extension Array: PlanRepresentable where Element: PlanRepresentable {
  var planJSON: JSONValue { .array(map(\.planJSON)) }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    guard let elements = planJSON.array else { throw PlanFormatError(description: "a list is expected") }
    self = []
    reserveCapacity(elements.count)
    for element in elements { append(try Element(planJSON: element)) }
  }
}

/// By sorted keys, so that equal dictionaries have equal bytes.
extension Dictionary: PlanRepresentable where Key == String, Value: PlanRepresentable {
  var planJSON: JSONValue {
    .object(JSONObject(uniqueMembers: sorted { $0.key < $1.key }.map { .init(key: $0.key, value: $0.value.planJSON) }))
  }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    self = [:]
    for member in try JSONObject(planJSON: planJSON) { self[member.key] = try Value(planJSON: member.value) }
  }
}

extension PlanRepresentable where Self: RawRepresentable, RawValue == String {
  var planJSON: JSONValue { .string(rawValue) }
  init(planJSON: JSONValue) throws(PlanFormatError) {
    guard let value = planJSON.string.flatMap(Self.init(rawValue:)) else {
      throw PlanFormatError(description: "\(planJSON.string ?? "a value") is not one of the words known here")
    }
    self = value
  }
}
