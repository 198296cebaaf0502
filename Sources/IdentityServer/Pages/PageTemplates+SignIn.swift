extension PageTemplates {
  /// Signing in and out, and what has to be said on the way.
  static let signIn = [
    "login": """
    {{<layout}}{{$content}}
    <div class="card">
    <h1>Sign in{{#client}} <span class="to">to <bdi>{{client}}</bdi></span>{{/client}}</h1>
    {{#problem}}<p class="problem" role="alert" id="problem">{{problem}}</p>{{/problem}}
    {{#password}}
    <form method="post" action="/login">
    <input type="hidden" name="form_token" value="{{form_token}}">
    {{#continue}}<input type="hidden" name="continue" value="{{continue}}">{{/continue}}
    <label for="username">User name</label>
    <input id="username" name="username" value="{{username}}" autocomplete="username" autocapitalize="none" \
    spellcheck="false" required{{^username}} autofocus{{/username}}{{#problem}} aria-describedby="problem"{{/problem}}>
    <label for="password">Password</label>
    <input id="password" name="password" type="password" autocomplete="current-password" required\
    {{#username}} autofocus{{/username}}>
    <button type="submit">Sign in</button>
    </form>
    {{/password}}
    {{#choices}}
    <form method="post" action="/login" class="choice">
    <input type="hidden" name="form_token" value="{{form_token}}">
    {{#continue}}<input type="hidden" name="continue" value="{{continue}}">{{/continue}}
    <button type="submit" name="with" value="{{name}}" class="other">Sign in with <bdi>{{label}}</bdi></button>
    </form>
    {{/choices}}
    </div>
    {{/content}}{{/layout}}
    """,
    "consent": """
    {{<layout}}{{$content}}
    <div class="card">
    <h1><bdi>{{client}}</bdi> asks for access</h1>
    <p>You are signed in as <strong>{{user}}</strong>. If you allow it, <bdi>{{client}}</bdi> may:</p>
    <ul>
    <li>Know who you are</li>
    {{#requests}}<li>{{text}}</li>{{/requests}}
    </ul>
    <p class="note">You will be sent to <strong>{{destination}}</strong>.</p>
    <form method="post" action="/oauth2/consent">
    <input type="hidden" name="form_token" value="{{form_token}}">
    <input type="hidden" name="flow" value="{{flow}}">
    <div class="buttons">
    <button type="submit" name="decision" value="allow">Allow</button>
    <button type="submit" name="decision" value="deny" class="other">Deny</button>
    </div>
    </form>
    </div>
    {{/content}}{{/layout}}
    """,
    "logout": """
    {{<layout}}{{$content}}
    <div class="card">
    <h1>Sign out</h1>
    <p>{{#client}}<bdi>{{client}}</bdi> asks to sign you out. {{/client}}You are signed in as <strong>{{user}}</strong>.</p>
    <form method="post" action="/oidc/logout">
    <input type="hidden" name="form_token" value="{{form_token}}">
    {{#fields}}<input type="hidden" name="{{name}}" value="{{value}}">{{/fields}}
    <div class="buttons">
    <button type="submit" name="decision" value="here">Sign out</button>
    <button type="submit" name="decision" value="everywhere" class="other">Sign out everywhere</button>
    </div>
    </form>
    </div>
    {{/content}}{{/layout}}
    """,
    "notice": """
    {{<layout}}{{$content}}
    <div class="card">
    <h1>{{title}}</h1>
    {{#texts}}<p>{{text}}</p>{{/texts}}
    {{#link}}<p><a href="{{address}}">{{label}}</a></p>{{/link}}
    </div>
    {{/content}}{{/layout}}
    """,
  ]
}
