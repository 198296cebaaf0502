extension PageTemplates {
  /// How the server is doing, and what was done.
  static let consoleOperations = [
    "console-secret": """
    {{<console}}{{$main}}
    <div class="narrow">
    <h1>{{title}}</h1>
    <p>Copy it now: it cannot be shown again.</p>
    <section><dl>
    <div><dt>Client ID</dt><dd><code>{{client_id}}</code></dd></div>
    <div><dt>Client secret</dt><dd><code>{{secret}}</code></dd></div>
    </dl></section>
    {{#back}}<p><a href="{{address}}">{{label}}</a></p>{{/back}}
    </div>
    {{/main}}{{/console}}
    """,
    "console-overview": """
    {{<console}}{{$main}}
    <h1>{{title}}</h1>
    {{#has_concerns}}
    <section class="concerns"><h2>To be seen to</h2>
    <ul>
    {{#concerns}}<li>{{concern}}</li>
    {{/concerns}}
    </ul></section>
    {{/has_concerns}}
    <ul class="tiles">
    {{#counts}}<li><a href="{{address}}"><span class="number">{{number}}</span> {{label}}</a></li>
    {{/counts}}
    </ul>
    {{#has_endpoints}}
    <h2><a href="{{endpoints_path}}">Endpoints</a></h2>
    <div data-live="{{live}}">{{>console-endpoint-table}}</div>
    {{#more_endpoints}}<p><a href="{{endpoints_path}}">{{more_endpoints}}</a></p>{{/more_endpoints}}
    {{#chart}}<section><h2>Drift over time</h2>{{>console-drift-chart}}</section>{{/chart}}
    {{#has_ages}}{{>console-drift-ages}}{{/has_ages}}
    {{/has_endpoints}}
    {{#has_connectors}}
    <section><h2><a href="{{provisioning_path}}">Provisioning</a></h2>
    <dl>
    {{#connectors}}<div><dt>{{connector}}</dt><dd><span class="badge{{#is_failing}} failing{{/is_failing}}">{{state_label}}</span>    <span class="note"> {{behind}} events to go, {{waiting}} waiting, {{dead}} given up, last full pass {{passed}}</span></dd></div>
    {{/connectors}}
    </dl></section>
    {{/has_connectors}}
    <section><h2><a href="{{audit_path}}">Last changes</a></h2>
    <ul class="lines">
    {{#entries}}<li>{{what}} {{#address}}<a href="{{address}}">{{about}}</a>{{/address}}{{^address}}<bdi>{{about}}</bdi>{{/address}}     <span class="note">{{time}} by <bdi>{{actor}}</bdi></span></li>
    {{/entries}}
    </ul></section>
    {{#has_credentials}}
    <section><h2>Credentials</h2>
    <dl>
    {{#credentials}}<div><dt>{{credential}}</dt><dd>{{expiry}}</dd></div>
    {{/credentials}}
    </dl></section>
    {{/has_credentials}}
    {{/main}}{{/console}}
    """,
    "console-provisioning": """
    {{<console}}{{$main}}
    <h1>{{title}}</h1>
    {{#notice}}<p class="done" role="status">{{notice}}</p>{{/notice}}
    {{#problems}}<p class="problem">{{problem_text}}</p>{{/problems}}
    {{#none}}<p class="empty">{{none}}</p>{{/none}}
    <div data-live="{{live}}">
    {{#connectors}}
    <section><h2><bdi>{{connector}}</bdi> <span class="badge{{#is_failing}} failing{{/is_failing}}" data-failing="Failing"\
     data-name="{{connector}} state_label">{{state_label}}</span></h2>
    {{#reason}}<p class="wrong">{{reason}}</p>{{/reason}}
    <dl>
    <div><dt>Events to go</dt><dd data-name="{{connector}} behind">{{behind}}</dd></div>
    <div><dt>Waiting for another try</dt><dd data-name="{{connector}} waiting">{{waiting}}</dd></div>
    <div><dt>Given up</dt><dd data-name="{{connector}} dead">{{dead}}</dd></div>
    <div><dt>Last full pass</dt><dd data-name="{{connector}} passed">{{passed}}</dd></div>
    </dl>
    {{#has_any}}
    <form class="deeds" method="post" action="{{action}}">
    <input type="hidden" name="form_token" value="{{form_token}}">
    <input type="hidden" name="connector" value="{{connector}}">
    <button type="submit" class="other small" name="change" value="retry">Try all again<span class="unseen"> of \
    {{connector}}</span></button>
    <button type="submit" class="other small" name="change" value="drop">Give all up<span class="unseen"> of \
    {{connector}}</span></button>
    </form>
    {{/has_any}}
    </section>
    {{/connectors}}
    </div>
    {{#has_deliveries}}
    <h2>What could not be delivered</h2>
    <table class="list">
    <caption class="unseen">What could not be delivered</caption>
    <thead><tr><th scope="col">Resource</th><th scope="col">Connector</th><th scope="col">State</th>\
    <th scope="col">Why</th><th scope="col">Do</th></tr></thead>
    <tbody>
    {{#deliveries}}
    <tr><th scope="row">{{#address}}<a href="{{address}}">{{label}}</a>{{/address}}{{^address}}<bdi>{{label}}</bdi>{{/address}} \
    <span class="note">{{kind}}</span></th>
    <td data-label="Connector">{{connector}}</td>
    <td data-label="State" class="words">{{state_label}}<br><span class="note">failed {{attempts}} since {{since}}{{#due}}, tried again \
    {{due}}{{/due}}</span></td>
    <td data-label="Why">{{reason}}</td>
    <td data-label="Do" class="words"><form class="deeds" method="post" action="{{action}}">
    <input type="hidden" name="form_token" value="{{form_token}}">
    <input type="hidden" name="connector" value="{{connector}}">
    <input type="hidden" name="id" value="{{id}}">
    <button type="submit" class="other small" name="change" value="retry">Try again<span class="unseen"> {{label}}</span>\
    </button>
    <button type="submit" class="other small" name="change" value="drop">Give up<span class="unseen"> {{label}}</span>\
    </button>
    </form></td></tr>
    {{/deliveries}}
    </tbody>
    </table>
    {{>console-paging}}
    {{/has_deliveries}}
    {{/main}}{{/console}}
    """,
    "console-audit": """
    {{<console}}{{$main}}
    <h1>{{title}}</h1>
    <nav class="tabs" aria-label="Kinds of entries">
    {{#tabs}}<a href="{{address}}"{{#is_current}} aria-current="page"{{/is_current}}>{{label}}</a>
    {{/tabs}}
    </nav>
    <form class="filters" method="get" action="{{path}}" role="search">
    <input type="hidden" name="of" value="{{of}}">
    {{#filters}}<div><label for="filter-{{name}}">{{label}}</label>
    <input id="filter-{{name}}" name="{{name}}" value="{{value}}" autocapitalize="none" spellcheck="false"\
    {{#hint}} placeholder="{{hint}}"{{/hint}}></div>
    {{/filters}}
    <div><button type="submit">Search</button></div>
    </form>
    {{#problem}}<p class="problem" role="alert">{{problem}}</p>{{/problem}}
    {{#none}}<p class="empty">{{none}}</p>{{/none}}
    <ol class="trail">
    {{#entries}}
    <li><p class="what"><strong>{{what}}</strong>{{#about}} {{#address}}<a href="{{address}}">{{about}}</a>{{/address}}\
    {{^address}}<bdi>{{about}}</bdi>{{/address}}{{/about}}</p>
    <p class="note"><time>{{time}}</time> by <bdi>{{actor}}</bdi>{{#from}} from {{from}}{{/from}}</p>
    {{#has_differences}}
    <dl>
    {{#differences}}<div><dt>{{attribute}}</dt>{{#before}}<dd><del><span class="unseen">before: </span>{{before}}</del></dd>{{/before}}\
    {{#after}}<dd><ins><span class="unseen">after: </span>{{after}}</ins></dd>{{/after}}</div>
    {{/differences}}
    </dl>
    {{/has_differences}}
    </li>
    {{/entries}}
    </ol>
    {{#older}}<p class="paging"><span>{{reached}}</span> <a rel="next" href="{{older}}">Further back</a></p>{{/older}}
    <p class="note">As a file, the newest {{most}} of what matches:\
    {{#exports}} <a href="{{address}}" download>{{label}}</a>{{/exports}}</p>
    {{/main}}{{/console}}
    """,
  ]
}
