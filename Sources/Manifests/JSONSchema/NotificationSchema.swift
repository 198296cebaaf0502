import JSON
import Reconciliation

/// The form of a `Notification`'s `spec`.
enum NotificationSchema {
  private typealias Form = SchemaForm

  static var spec: JSONValue {
    var form =
      Form.object([
        ("webhook", webhook), ("slack", slack),
        (
          "on",
          Form.list(
            of: Form.choice(NotificationDeclaration.Event.self), "What is told; everything when it is left out.")
        ), ("endpoints", Form.list(of: Form.text(), "Endpoints by metadata.name; all, and the manifests, by default.")),
        (
          "rateLimit",
          Form.text("The most messages in a time.", matching: "^[0-9]+/[mhd]$", examples: ["5/m", "10/h", "20/d"])
        ), ("repeatEvery", Form.duration("After how long what is still so is told again.")),
        ("tls", EndpointSchema.trust),
        ("allowPlaintext", Form.boolean("Whether http:// may be used with a host that is not this machine.")),
      ]).object ?? JSONObject()
    form["oneOf"] = [["required": ["webhook"]], ["required": ["slack"]]]
    return .object(form)
  }

  private static var webhook: JSONValue {
    Form.object(
      [
        ("url", Form.any(of: [EndpointSchema.address("Where to."), SecretSchema.reference()])),
        ("secret", SecretSchema.reference("What messages are signed with.")),
      ], required: ["url", "secret"], description: "A POST that is signed as Standard Webhooks describes.")
  }

  private static var slack: JSONValue {
    Form.object(
      [("url", SecretSchema.reference("The address of an incoming webhook."))], required: ["url"],
      description: "An incoming webhook of Slack, or of what understands the same.")
  }
}
