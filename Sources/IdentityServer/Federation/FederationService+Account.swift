import HTTPTypes
import HummingbirdCore
import JSON
import OpenID
import SCIM

/// The question to newcomers whether an account may be made, and by what name and password.
extension FederationService {
  /// - Parameters:
  ///   - name: what the account would be called, or what the user has typed.
  ///   - problem: what was wrong with the answers before.
  func question(
    _ pending: PendingAccount, _ provider: FederatedProvider, _ browser: Browser, _ name: String,
    problem: String? = nil
  ) throws -> Response {
    let prompt = provider.policy.prompt
    let told = provider.claims.rules.compactMap { rule in
      pending.assertion.claims.claim(rule.claim)?.string.map {
        ["name": .text(AttributeLabel.text(of: rule.path)), "value": PageContent.text($0)]
      }
    }
    let page = Page(
      "account", title: "Make an account?", status: problem == nil ? .ok : .forbidden, formsLeadAway: true,
      [
        "provider": .text(provider.label), "problem": problem.map(PageContent.text), "name": .text(name),
        "choosesName": .flag(prompt == .username || prompt == .password),
        "choosesPassword": .flag(prompt == .password), "told": .list(told),
        "form_token": .text(browser.formToken(for: Self.accountPath)),
        "account": .text(try pending.sealed(for: browser, elsewhere.federation.box)),
      ])
    return page.response(settingCookies: browser.settingCookies)
  }

  /// The user has answered.
  func answer(_ exchange: Exchange) async throws -> Response {
    let form = try await exchange.request.pageForm(maxSize: Self.maxFormSize)
    let (federation, browser) = (elsewhere.federation, signIn.browser(of: exchange))
    guard browser.isFormToken(form["form_token"], for: Self.accountPath),
      let pending = PendingAccount(form["account"], from: browser, federation.box, at: federation.now()),
      let provider = try await elsewhere.provider(pending.provider)
    else { throw Refusal.staleFlow }
    guard form["decision"] == "allow" else {
      return await elsewhere.refusal(
        .declined, pending.assertion, provider, browser, pending.continuation, exchange)
    }
    if let problem = Self.problem(form, provider.policy.prompt) {
      return try question(pending, provider, browser, form["username"] ?? "", problem: problem)
    }
    return try await finish(pending, provider, exchange, Self.answers(form, provider.policy.prompt))
  }

  /// What is not asked for is not taken either.
  private static func answers(
    _ form: [String: String], _ prompt: ProvisioningPolicy.Prompt
  ) -> JustInTimeProvisioning.Answers {
    let choosesName = prompt == .username || prompt == .password
    return JustInTimeProvisioning.Answers(
      userName: choosesName ? form["username"] : nil, password: prompt == .password ? form["password"] : nil)
  }

  private static func problem(_ form: [String: String], _ prompt: ProvisioningPolicy.Prompt) -> String? {
    switch prompt {
    case .none, .consent: nil
    case .username: form["username"] == nil ? "Choose a user name." : nil
    case .password where form["username"] == nil: "Choose a user name."
    case .password where form["password"] == nil: "Choose a password."
    case .password: form["password"] == form["again"] ? nil : "The two passwords differ."
    }
  }
}
