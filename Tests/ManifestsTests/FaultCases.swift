import Foundation
import Manifests
import Testing

/// A manifest with one fault.
struct FaultCase: CustomTestStringConvertible, Sendable {
  var code: DiagnosticCode
  var manifest: MarkedManifest
  /// A part of the hint.
  var hint: String?

  init(_ code: DiagnosticCode, _ marked: String, hint: String? = nil) {
    self.code = code
    manifest = MarkedManifest(marked)
    self.hint = hint
  }

  var testDescription: String { "\(code.rawValue) \(code): \(manifest.text)" }

  static let all =
    envelope + attributes + secrets + references + endpoints + schemas + policies + providers + notifications

  static let providers = [
    FaultCase(
      .unusableProxy, document("ServiceProvider", "resident", "{inboundProvisioning: {proxy: «true»}}"),
      hint: "application"),
    FaultCase(
      .unusableProxy,
      document(
        "ServiceProvider", "payroll",
        "{inboundProvisioning: {proxy: «true»}, inbound: {openidconnect: {clientId: payroll}}}"),
      hint: "outboundProvisioning"),
    FaultCase(
      .unusableProxy,
      document("IdentityProvider", "is2", "{}") + "---\n"
        + document(
          "ServiceProvider", "payroll",
          "{inboundProvisioning: {proxy: «true»}, outboundProvisioning: [{identityProvider: is2}]}"),
      hint: "inbound.openidconnect"),
    FaultCase(
      .incompleteConnector,
      document("IdentityProvider", "g", "{provisioning: {connectors: [{name: s, type: «google»}]}}"),
      hint: "endpoint"),
  ]

  static let envelope = [
    FaultCase(.syntax, "kind: «\"»User\n"),
    FaultCase(.duplicateKey, "‹kind›: User\n«kind»: User\n"),
    FaultCase(.beyondLimits, String(repeating: "[", count: 64) + "«[»"),
    FaultCase(
      .unknownVersion, "apiVersion: «rollcall/v2»\nkind: User\nmetadata: {name: a}\nspec: {userName: a}\n",
      hint: "rollcall/v1"),
    FaultCase(
      .unknownKind, "apiVersion: rollcall/v1\nkind: «Usr»\nmetadata: {name: a}\nspec: {}\n",
      hint: "did you mean `User`?"),
    FaultCase(.missingField, "«a»piVersion: rollcall/v1\nkind: User\nmetadata: {name: a}\n"),
    FaultCase(
      .unknownField, "apiVersion: rollcall/v1\nkind: User\nmetadata: {name: a, «lables»: {}}\nspec: {userName: a}\n",
      hint: "did you mean `labels`?"),
    FaultCase(.wrongShape, "apiVersion: rollcall/v1\nkind: User\nmetadata: {name: a}\nspec: «[»]\n"),
    FaultCase(.invalidName, "apiVersion: rollcall/v1\nkind: User\nmetadata: {name: «Alice»}\nspec: {userName: a}\n"),
    FaultCase(
      .duplicateName,
      document("User", "‹a›", "{userName: a}") + "---\n" + document("User", "«a»", "{userName: b}")),
    FaultCase(.invalidChoice, user("a", "lifecycle: {state: «Active!»}"), hint: "did you mean `Active`?"),
    FaultCase(.conflictingFields, group("g", "members: [«{»user: a, group: b}]")),
  ]

  static let attributes = [
    FaultCase(.unknownAttribute, user("a", "«dispalyName»: A"), hint: "did you mean `displayName`?"),
    FaultCase(.unknownAttribute, user("a", "emails: [{«valeu»: a@b.example}]"), hint: "did you mean `value`?"),
    FaultCase(.unknownAttribute, document("Role", "r", "{displayName: r, «users»: []}"), hint: "write `members`"),
    FaultCase(.wrongType, user("a", "active: «no»"), hint: "write false"),
    FaultCase(.wrongType, user("a", "emails: «a@b.example»"), hint: "write it as [value]"),
    FaultCase(.wrongType, user("a", "emails: [«a@b.example»]"), hint: "`value`"),
    FaultCase(.wrongType, user("a", "title: «[»A]")),
    FaultCase(.readOnlyAttribute, user("a", "«groups»: [{value: g}]"), hint: "remove it"),
    FaultCase(.readOnlyAttribute, document("IdentityProvider", "p", "{«name»: p}"), hint: "metadata.name"),
    FaultCase(.unusualValue, user("a", "emails: [{value: a@b.example, type: «wrok»}]"), hint: "did you mean `work`?"),
    FaultCase(.missingAttribute, document("User", "a", "«{»displayName: A}")),
    FaultCase(.missingAttribute, document("User", "a", "{userName: «' '»}")),
    FaultCase(.invalidName, document("User", "a", #"{userName: «"a\u0007b"»}"#)),
    FaultCase(.invalidName, document("User", "a", #"{userName: «"ann\u200B"»}"#)),
    FaultCase(.missingAttribute, document("Group", "g", "{displayName: «''»}")),
    FaultCase(
      .duplicateUserName,
      document("User", "a", "{userName: ‹Ann›}") + "---\n" + document("User", "b", "{userName: «anN»}")),
    FaultCase(.duplicateExternalId, user("a", "externalId: ‹E1›") + "---\n" + user("b", "externalId: «E1»")),
    FaultCase(
      .duplicateDisplayName,
      document("Group", "a", "{displayName: ‹Ops›}") + "---\n" + document("Group", "b", "{displayName: «OPS»}")),
    FaultCase(
      .severalPrimaries, user("a", "emails: [{value: x, primary: ‹true›}, {value: y, primary: «true»}]")),
  ]

  static let secrets = [
    FaultCase(.plainSecret, user("a", "password: «tip»"), hint: "{env: NAME}"),
    FaultCase(.literalSecret, user("a", "password: {literal: «tip»}"), hint: "samples only"),
    FaultCase(.invalidSecret, user("a", "password: «{»env: A, file: b}")),
    FaultCase(.invalidSecret, user("a", "password: «{»env: A, sops: b, key: c}")),
    FaultCase(.invalidSecret, user("a", "password: {env: «''»}"), hint: "{env: NAME}"),
    FaultCase(.invalidSecret, user("a", "password: {file: «''»}"), hint: "{file: path}"),
    FaultCase(.invalidSecret, user("a", "password: {sops: «b.yaml»}"), hint: "key: people.password"),
    FaultCase(.invalidSecret, user("a", "password: {sops: «b.yaml», key: a..b}")),
    FaultCase(
      .invalidSecret, user("a", "password: {vault: «{»path: secret/people, key: a}}"), hint: "secret/data/people"),
    FaultCase(.missingField, user("a", "password: {vault: «{»path: secret/data/people}}")),
    FaultCase(
      .unaddressableSecret,
      document(
        "IdentityProvider", "p",
        "{provisioning: {connectors: [{name: s, ‹password›: {env: A}}, {name: s, «password»: {env: B}}]}}")),
    FaultCase(.undefinedVariable, user("a", "title: «\"${TITLE}\"»"), hint: "${TITLE:=value}"),
    FaultCase(.invalidVariable, user("a", "title: «\"${1}\"»"), hint: "${NAME}"),
    FaultCase(.invalidVariable, user("a", "title: «\"${ONE\"»"), hint: "`$${`"),
  ]

  static let notifications = [
    FaultCase(.conflictingFields, document("Notification", "n", "«{»on: [drift]}")),
    FaultCase(
      .conflictingFields,
      document(
        "Notification", "n", "«{»slack: {url: {env: A}}, webhook: {url: \"https://x.example\", secret: {env: A}}}")),
    FaultCase(.plainSecret, document("Notification", "n", "{slack: {url: «tip»}}")),
    FaultCase(.missingField, document("Notification", "n", "{webhook: «{»url: \"https://x.example\"}}")),
    FaultCase(
      .plaintextURL, document("Notification", "n", "{webhook: {url: «\"http://x.example\"», secret: {env: A}}}"),
      hint: "allowPlaintext"),
    FaultCase(
      .invalidChoice, document("Notification", "n", "{slack: {url: {env: A}}, on: [«drifts»]}"),
      hint: "did you mean `drift`?"),
    FaultCase(
      .invalidNumber, document("Notification", "n", "{slack: {url: {env: A}}, rateLimit: «10»}"), hint: "10/h"),
    FaultCase(.danglingReference, document("Notification", "n", "{slack: {url: {env: A}}, endpoints: [«nowhere»]}")),
    FaultCase(
      .duplicateName,
      document("Notification", "‹n›", "{slack: {url: {env: A}}}") + "---\n"
        + document("Notification", "«n»", "{slack: {url: {env: A}}}")),
  ]

  static let references = [
    FaultCase(
      .danglingReference, user("alice") + "---\n" + user("bob", "enterprise: {manager: «alcie»}"),
      hint: "did you mean `alice`?"),
    FaultCase(.danglingReference, group("g", "members: [«nobody»]")),
    FaultCase(.danglingReference, group("ops") + "---\n" + group("g", "members: [«ops»]"), hint: "{group: ops}"),
    FaultCase(
      .danglingReference, document("ServiceProvider", "s", "{outboundProvisioning: [{identityProvider: «is2»}]}")),
    FaultCase(.duplicateReference, user("a") + "---\n" + user("b") + "---\n" + group("g", "members: [‹a›, b, «a»]")),
    FaultCase(
      .membershipCycle,
      group("a", "members: {refs: [«{»group: b}]}") + "---\n" + group("b", "members: {refs: [‹{›group: a}]}")),
    FaultCase(.emptyMembers, group("g", "members: «[»]"), hint: "allowEmpty: true"),
    FaultCase(.emptyMembers, group("g", "members: «{»selector: {matchLabels: {team: none}}}")),
    FaultCase(.unsuitableMember, group("g", "members: [{role: «r»}]")),
    FaultCase(.invalidTime, user("a", "lifecycle: {endsAt: «tomorrow»}"), hint: "2026-12-31"),
    FaultCase(.invalidDuration, user("a", "lifecycle: {grace: «30»}"), hint: "30d"),
    FaultCase(.emptyPeriod, user("a", "lifecycle: {startsAt: 2027-01-01, endsAt: «2026-01-01»}")),
  ]

  static let endpoints = [
    FaultCase(.invalidURL, document("Endpoint", "e", "{type: scim2, url: «ftp://x.example»}")),
    FaultCase(.missingField, document("Endpoint", "e", "«{»type: scim1}")),
    FaultCase(
      .danglingReference,
      document("Endpoint", "hr", "{type: embedded}") + "---\n"
        + document("Endpoint", "e", "{type: embedded, dependsOn: [«hf»]}"), hint: "did you mean `hr`?"),
    FaultCase(.dependencyCycle, document("Endpoint", "e", "{type: embedded, dependsOn: [«e»]}")),
    FaultCase(
      .invalidChoice,
      "apiVersion: rollcall/v1\nkind: User\nmetadata: {name: a, drift: «repor»}\nspec: {userName: a}\n",
      hint: "did you mean `report`?"),
    FaultCase(
      .invalidURL, document("Endpoint", "e", "{type: scim1, userEndpoint: «ftp://x.example»}"), hint: "/wso2/scim/Users"
    ),
    FaultCase(
      .plaintextURL,
      document(
        "Endpoint", "e", "{type: scim1, userEndpoint: https://x.example/Users, groupEndpoint: «http://x.example»}"),
      hint: "allowPlaintext"),
    FaultCase(
      .unknownField,
      document("Endpoint", "e", "{type: scim1, userEndpoint: https://x.example/Users, «url»: https://x.example}")),
    FaultCase(
      .unknownField,
      document("Endpoint", "e", "{type: scim2, url: https://x.example, «userEndpoint»: https://x.example/Users}")),
    FaultCase(
      .plaintextURL, document("Endpoint", "e", "{type: scim2, url: «http://x.example»}"), hint: "allowPlaintext"),
    FaultCase(
      .missingField,
      document(
        "Endpoint", "e", "{type: salesforce, url: https://x.example, auth: {oauth2: «{»tokenURL: https://x.example}}}")
    ),
    FaultCase(
      .plaintextURL,
      document(
        "Endpoint", "e",
        "{type: google, auth: {serviceAccount: {key: {env: K}, subject: a@x.example, tokenURL: «http://x.example»}}}")),
    FaultCase(
      .plainSecret,
      document(
        "Endpoint", "e",
        "{type: scim2, url: https://x.example, auth: {oauth2: {grant: client_credentials, clientId: me, "
          + "tokenURL: https://x.example/token, clientSecret: «tip»}}}"), hint: "{env: NAME}"),
    FaultCase(
      .conflictingFields,
      document(
        "Endpoint", "e",
        "{type: scim2, url: https://x.example, auth: «{»bearer: {token: {env: A}}, basic: {username: a, password: {env: B}}}}"
      )),
    FaultCase(
      .invalidChoice, document("Endpoint", "e", "{type: wso2, url: https://x.example, tenant: «a/b»}"),
      hint: "carbon.super"),
    FaultCase(
      .invalidChoice, document("Endpoint", "e", "{type: wso2, url: https://x.example, userStores: [PRIMARY, «a/b»]}"),
      hint: "PRIMARY"),
    FaultCase(
      .invalidChoice, document("Endpoint", "e", "{type: google, google: {orgUnitPath: «Staff»}}"), hint: "`/Staff`"),
    FaultCase(
      .invalidChoice,
      document("Endpoint", "e", "{type: salesforce, url: https://x.example, salesforce: {apiVersion: «62»}}"),
      hint: "v62.0"),
    FaultCase(.unverifiedServer, endpoint("tls: {insecureSkipVerify: «true»}"), hint: "caFile"),
    FaultCase(.invalidFilter, endpoint("scope: {filter: userName «e»t 1}")),
    FaultCase(.unknownAttribute, endpoint("safety: {protect: [«userNam eq \"x\"»]}"), hint: "did you mean `userName`?"),
    FaultCase(.invalidPath, endpoint("ignore: [\"emails[type eq «x»]\"]")),
    FaultCase(.invalidNumber, endpoint("limits: {writes: «many»}"), hint: "180/m"),
    FaultCase(.invalidNumber, endpoint("safety: {maxDeletes: «105%»}"), hint: "5%"),
    FaultCase(.invalidNumber, endpoint("safety: {maxMissing: «most»}"), hint: "5%"),
    FaultCase(.invalidTemplate, endpoint("mapping: [{to: userName, template: «\"{{userName\"»}]")),
    FaultCase(.conflictingFields, endpoint("mapping: [«{»to: userName, from: nickName, firstOf: [title]}]")),
    FaultCase(.unknownAttribute, endpoint("mapping: [{to: title, firstOf: [«nickNam»]}]"), hint: "`nickName`"),
    FaultCase(.missingField, endpoint("mapping: [{to: title, firstOf: «[»]}]")),
    FaultCase(.wrongShape, endpoint("mapping: [{to: title, from: nickName, lookup: «x»}]")),
    FaultCase(.unknownField, endpoint("mapping: [{to: title, constant: x, «join»: y}]")),
    FaultCase(
      .unmappedValue,
      endpoint("mapping: [«{»to: userType, from: title, lookup: {Dr: doctor}}]") + "---\n" + user("a", "title: Mr"),
      hint: "`default`"),
    FaultCase(.unavailableDialect, endpoint("dialect: «slack»"), hint: "`auto`"),
    FaultCase(
      .duplicateName,
      endpoint("drift: report").replacing("remote", with: "‹remote›") + "---\n"
        + endpoint("drift: ignore").replacing("remote", with: "«remote»")),
  ]
}
