import XML

/// The namespaces of SPML 2.0 (OASIS Standard, 1 April 2006), of its DSML v2 profile, and of the envelope around both.
///
/// Each child of a message is in the namespace of the schema that declares it, whatever its parent is in.
enum SPMLNamespace {
  static let envelope = XMLNamespace("soapenv", "http://schemas.xmlsoap.org/soap/envelope/")
  static let core = XMLNamespace("spml", "urn:oasis:names:tc:SPML:2:0")
  static let search = XMLNamespace("search", "urn:oasis:names:tc:SPML:2:0:search")
  static let suspend = XMLNamespace("suspend", "urn:oasis:names:tc:SPML:2:0:suspend")
  static let password = XMLNamespace("pass", "urn:oasis:names:tc:SPML:2:0:password")
  static let async = XMLNamespace("async", "urn:oasis:names:tc:SPML:2:0:async")
  static let dsml = XMLNamespace("dsml", "urn:oasis:names:tc:DSML:2:0:core")

  /// What the DSML v2 profile is called.
  static let dsmlProfile = "urn:oasis:names:tc:SPML:2:0:DSML"
}
