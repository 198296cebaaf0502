extension PageTemplates {
  /// The pages of the console: one frame, and what is the same for every kind of resource.
  static let console = [
    "console": """
    {{<layout}}{{$head}}{{#script}}<script src="{{script}}" defer></script>{{/script}}{{/head}}{{$header}}
    <header class="bar">
    <a class="brand" href="/console">Rollcall</a>
    <nav aria-label="Console">
    <ul>
    {{#navigation}}<li><a href="{{address}}"{{#is_current}} aria-current="page"{{/is_current}}>{{label}}</a></li>
    {{/navigation}}
    </ul>
    </nav>
    <form class="own" method="post" action="{{logout_address}}">
    <input type="hidden" name="form_token" value="{{logout_token}}">
    <input type="hidden" name="decision" value="here">
    <a href="{{own_address}}"><span class="unseen">Signed in as </span>{{own_name}}</a>
    <button type="submit" class="plain">Sign out</button>
    </form>
    </header>
    {{/header}}{{$content}}
    <div class="console">
    {{$main}}{{/main}}
    </div>
    {{/content}}{{/layout}}
    """,
    "console-list": """
    {{<console}}{{$main}}
    <div class="head"><h1>{{title}}</h1>
    {{#creation}}<a class="button" href="{{address}}">{{label}}</a>{{/creation}}</div>
    {{#notice}}<p class="done" role="status">{{notice}}</p>{{/notice}}
    <form class="search" method="get" action="{{path}}" role="search">
    <label for="search">{{searched}}, or a SCIM filter</label>
    <div class="line"><input id="search" name="search" type="search" value="{{search}}" autocapitalize="none" \
    spellcheck="false"{{#search_problem}} aria-invalid="true" aria-describedby="search-problem"{{/search_problem}}>
    <button type="submit">Search</button></div>
    {{#search_problem}}<p class="wrong" id="search-problem" role="alert">{{search_problem}}</p>{{/search_problem}}
    </form>
    {{#is_empty}}<p class="empty">{{none}}</p>{{/is_empty}}
    {{#has_rows}}
    <table class="list">
    <caption class="unseen">{{caption}}</caption>
    <thead><tr><th scope="col">{{name_title}}</th>{{#columns}}<th scope="col">{{column}}</th>{{/columns}}</tr></thead>
    <tbody>
    {{#rows}}<tr><th scope="row"><a href="{{address}}">{{label}}</a></th>{{#cells}}<td data-label="{{heading}}"{{#is_whole}} class="whole"{{/is_whole}}>\
    {{#is_off}}<span class="badge off">{{cell}}</span>{{/is_off}}{{^is_off}}{{cell}}{{/is_off}}</td>{{/cells}}</tr>
    {{/rows}}
    </tbody>
    </table>
    {{>console-paging}}
    {{/has_rows}}
    {{/main}}{{/console}}
    """,
    "console-paging": """
    <nav class="paging" aria-label="Pages">
    <span>{{range}}</span>
    {{#previous}}<a rel="prev" href="{{previous}}">Previous</a>{{/previous}}
    {{#next}}<a rel="next" href="{{next}}">Next</a>{{/next}}
    </nav>

    """,
    "console-resource": """
    {{<console}}{{$main}}
    {{#back}}<p class="back"><a href="{{address}}">{{label}}</a></p>{{/back}}
    <div class="head"><h1><bdi>{{title}}</bdi>{{#state}} <span class="badge{{#is_off}} off{{/is_off}}">{{state_label}}</span>{{/state}}</h1>
    <div class="deeds">
    {{#links}}<a class="button other" href="{{address}}">{{label}}</a>
    {{/links}}
    {{#switches}}<form method="post" action="{{action}}">
    <input type="hidden" name="form_token" value="{{form_token}}">
    <button type="submit" class="other" name="{{field}}" value="{{value}}">{{label}}</button>
    </form>
    {{/switches}}
    {{#deletion}}<a class="button other bad" href="{{deletion}}">Delete</a>{{/deletion}}
    </div></div>
    {{#notice}}<p class="done" role="status">{{notice}}</p>{{/notice}}
    {{#sections}}
    <section><h2>{{heading}}</h2>
    <dl>
    {{#terms}}<div><dt>{{term}}</dt>{{#values}}<dd>{{item}}</dd>{{/values}}</div>
    {{/terms}}
    </dl></section>
    {{/sections}}
    {{#references}}
    <section><h2>{{heading}}</h2>
    {{#none}}<p class="empty">{{none}}</p>{{/none}}
    <ul class="links">
    {{#targets}}<li>{{#address}}<a href="{{address}}">{{label}}</a>{{/address}}{{^address}}<bdi>{{label}}</bdi>{{/address}}\
    {{#way}} <span class="note">{{way}}</span>{{/way}}</li>
    {{/targets}}
    </ul>
    {{#left_out}}<p class="note">{{left_out}}</p>{{/left_out}}
    {{#more}}<p><a href="{{address}}">{{label}}</a></p>{{/more}}
    </section>
    {{/references}}
    {{/main}}{{/console}}
    """,
    "console-confirmation": """
    {{<console}}{{$main}}
    <div class="narrow">
    <h1>{{title}}</h1>
    {{#objection}}<p class="problem" role="alert">{{objection}}</p>{{/objection}}
    {{#texts}}<p>{{text}}</p>{{/texts}}
    <form method="post" action="{{action}}">
    <input type="hidden" name="form_token" value="{{form_token}}">
    {{#version}}<input type="hidden" name="version" value="{{version}}">{{/version}}
    <div class="deeds">
    <button type="submit"{{#is_dangerous}} class="bad"{{/is_dangerous}}>{{submit}}</button>
    <a class="button other" href="{{cancel}}">Cancel</a>
    </div>
    </form>
    </div>
    {{/main}}{{/console}}
    """,
    "console-notice": """
    {{<console}}{{$main}}
    <div class="narrow">
    <h1>{{title}}</h1>
    {{#texts}}<p>{{text}}</p>{{/texts}}
    {{#ways}}<p><a href="{{address}}">{{label}}</a></p>{{/ways}}
    </div>
    {{/main}}{{/console}}
    """,
  ]
}
