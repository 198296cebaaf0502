import Mustache

/// The templates of all pages, read once.
enum PageTemplates {
  static let library: MustacheLibrary = {
    var library = MustacheLibrary()
    for (name, text) in templates {
      do {
        // Values come escaped (``Page``); the library would miss what stands before a combining mark.
        try library.register("{{% CONTENT_TYPE:TEXT}}" + text, named: name)
      } catch {
        preconditionFailure("the template \(name) cannot be read: \(error)")
      }
    }
    return library
  }()

  private static let templates = [
    "layout": """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{{title}} · Playground</title>
    <link rel="stylesheet" href="\(Place.style.rawValue)">
    </head>
    <body>
    <main>
    {{$content}}{{/content}}
    </main>
    </body>
    </html>

    """,
    "form": """
    {{<layout}}{{$content}}
    <h1>Playground</h1>
    <p>This application signs its users in at <strong>{{issuer}}</strong>, and asks for the scopes \
    <strong>{{scope}}</strong>.</p>
    <form method="post" action="\(Place.authorization.rawValue)">
    <label for="consumerKey">Client Id</label>
    <input id="consumerKey" name="consumerKey" value="{{client}}" autocomplete="off" autocapitalize="none" \
    spellcheck="false" required>
    <button type="submit" name="authorize" value="Authorize">Authorize</button>
    </form>
    {{/content}}{{/layout}}
    """,
    "user": """
    {{<layout}}{{$content}}
    <h1>Logged in user: <bdi id="loggedUser">{{user}}</bdi></h1>
    <p>Signed in at <strong><bdi>{{issuer}}</bdi></strong> for the client <strong><bdi>{{client}}</bdi></strong>.</p>
    <h2 id="claims">What the ID token says</h2>
    <p>Its signature was checked with the provider's keys, and that it is by this provider, for this client, of this \
    sign-in and of now.</p>
    <table aria-labelledby="claims"><tbody>
    {{#claims}}<tr><th scope="row">{{name}}</th><td>{{value}}</td></tr>
    {{/claims}}</tbody></table>
    <h2 id="userinfo">What the userinfo endpoint says</h2>
    <table aria-labelledby="userinfo"><tbody>
    {{#userinfo}}<tr><th scope="row">{{name}}</th><td>{{value}}</td></tr>
    {{/userinfo}}</tbody></table>
    <h2 id="tokens">The tokens</h2>
    <table aria-labelledby="tokens"><tbody>
    {{#tokens}}<tr><th scope="row">{{name}}</th><td>{{value}}</td></tr>
    {{/tokens}}</tbody></table>
    <div class="buttons">
    {{#renewable}}<form method="post" action="\(Place.renewal.rawValue)"><button type="submit" class="other">Renew the \
    tokens</button></form>{{/renewable}}
    <form method="post" action="\(Place.logout.rawValue)"><button type="submit">Sign out</button></form>
    </div>
    {{/content}}{{/layout}}
    """,
    "failure": """
    {{<layout}}{{$content}}
    <h1>{{title}}</h1>
    <p role="alert" class="problem">{{text}}</p>
    <p><a href="\(Place.start.rawValue)">Back to the form</a></p>
    {{/content}}{{/layout}}
    """,
    "notice": """
    {{<layout}}{{$content}}
    <h1>{{title}}</h1>
    <p>{{text}}</p>
    <p><a href="\(Place.start.rawValue)">To the form</a></p>
    {{/content}}{{/layout}}
    """,
  ]
}
