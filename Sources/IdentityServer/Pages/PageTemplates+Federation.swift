extension PageTemplates {
  /// What newcomers from other providers are asked.
  static let federation = [
    "account": """
    {{<layout}}{{$content}}
    <div class="card">
    <h1>Make an account for you?</h1>
    <p><bdi>{{provider}}</bdi> knows you, and you have no account here yet. If you agree, one is made, and what <bdi>{{provider}}</bdi> says of you \
    is kept in it:</p>
    <ul>
    {{^choosesName}}<li>User name: <strong>{{name}}</strong></li>{{/choosesName}}
    {{#told}}<li>{{name}}: <strong>{{value}}</strong></li>{{/told}}
    </ul>
    {{#problem}}<p class="problem" role="alert" id="problem">{{problem}}</p>{{/problem}}
    <form method="post" action="/commonauth/account">
    <input type="hidden" name="form_token" value="{{form_token}}">
    <input type="hidden" name="account" value="{{account}}">
    {{#choosesName}}
    <label for="username">User name</label>
    <input id="username" name="username" value="{{name}}" autocomplete="username" autocapitalize="none" \
    spellcheck="false" required autofocus{{#problem}} aria-describedby="problem"{{/problem}}>
    {{/choosesName}}
    {{#choosesPassword}}
    <label for="password">Password</label>
    <input id="password" name="password" type="password" autocomplete="new-password" required>
    <label for="again">Password again</label>
    <input id="again" name="again" type="password" autocomplete="new-password" required>
    {{/choosesPassword}}
    <div class="buttons">
    <button type="submit" name="decision" value="allow">Make the account</button>
    <button type="submit" name="decision" value="deny" class="other" formnovalidate>Cancel</button>
    </div>
    </form>
    </div>
    {{/content}}{{/layout}}
    """
  ]
}
