import Reconciliation

/// What the schemas of service and identity providers cannot say, for it takes more than one attribute.
extension FileScope {
  func checkProvider(_ kind: ManifestKind, named name: String, _ spec: YAMLNode) {
    if kind == .serviceProvider { checkProxy(spec, named: name) }
    for connector in spec["provisioning"]?["connectors"]?.items ?? [] { checkType(of: connector) }
  }

  /// An application whose requests are carried out elsewhere needs a client that they come from, and connectors.
  private func checkProxy(_ spec: YAMLNode, named name: String) {
    guard let proxy = spec["inboundProvisioning"]?["proxy"], let text = proxy.text, YAMLScalar.boolean(text) == true
    else { return }
    if name == "resident" {
      report(
        .unusableProxy, "`resident` is the server itself, which keeps what it is given", at: proxy.mark,
        hint: "set `proxy` at the application whose requests are to be passed on")
    } else if spec["outboundProvisioning"]?.items?.isEmpty != false {
      report(
        .unusableProxy, "nothing says where the requests of this application are carried out", at: proxy.mark,
        hint: "name its connectors in `outboundProvisioning`; the first one leads")
    } else if spec["inbound"]?["openidconnect"] == nil {
      report(
        .unusableProxy, "no requests can come from this application: it has no client", at: proxy.mark,
        hint: "give it `inbound.openidconnect` with the grant client_credentials")
    }
  }

  private func checkType(of connector: YAMLNode) {
    guard let type = connector["type"], let text = type.text, ["google", "salesforce"].contains(text),
      connector["endpoint"] == nil
    else { return }
    report(
      .incompleteConnector, "type `\(text)` takes more settings than a connector can say: this server cannot use it",
      at: type.mark, hint: "declare an Endpoint of this type, and name it with `endpoint` in place of `type`")
  }
}
