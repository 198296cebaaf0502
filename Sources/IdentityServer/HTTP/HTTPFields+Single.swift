import HTTPTypes

extension HTTPFields {
  /// The value of a field that a message has once; nil when it is absent or stands there again.
  ///
  /// The library's own subscript joins the values of as many as there are, which takes ten times as long.
  subscript(single name: HTTPField.Name) -> String? {
    guard let index = firstIndex(where: { $0.name == name }), !self[(index + 1)...].contains(where: { $0.name == name })
    else { return nil }
    return self[index].value
  }
}
