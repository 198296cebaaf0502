extension PageTemplates {
  /// What controllers do at the endpoints that they look after.
  static let consoleEndpoints = [
    "console-endpoints": """
    {{<console}}{{$main}}
    <div class="head"><h1>{{title}}</h1>
    {{#has_endpoints}}<form method="post" action="{{action}}">
    <input type="hidden" name="form_token" value="{{form_token}}">
    <button type="submit" class="other">Reconcile all</button>
    </form>{{/has_endpoints}}</div>
    {{#notice}}<p class="done" role="status">{{notice}}</p>{{/notice}}
    {{#is_empty}}<p class="empty">No controller has looked at an endpoint yet.</p>{{/is_empty}}
    {{#has_endpoints}}<div data-live="{{live}}">{{>console-endpoint-table}}</div>{{/has_endpoints}}
    {{/main}}{{/console}}
    """,
    "console-endpoint-table": """
    <table class="list">
    <caption class="unseen">Endpoints</caption>
    <thead><tr><th scope="col">Endpoint</th><th scope="col">State</th><th scope="col">As the manifests ask</th>\
    <th scope="col">Next pass</th><th scope="col">Pending</th><th scope="col">Withheld</th><th scope="col">Drift</th></tr>\
    </thead>
    <tbody>
    {{#endpoints}}<tr><th scope="row"><a href="{{address}}">{{endpoint}}</a></th>
    <td data-label="State">{{>console-endpoint-state}} <span class="note" data-name="{{endpoint}} why">{{why}}</span></td>
    <td data-label="As the manifests ask" class="words" data-name="{{endpoint}} converged">{{converged}}</td>
    <td data-label="Next pass" class="words" data-name="{{endpoint}} next">{{next}}</td>
    <td data-label="Pending" class="words" data-name="{{endpoint}} pending">{{pending}}</td>
    <td data-label="Withheld" class="words" data-name="{{endpoint}} withheld">{{withheld}}</td>
    <td data-label="Drift" class="words" data-name="{{endpoint}} drift">{{drift}}</td></tr>
    {{/endpoints}}
    </tbody>
    </table>

    """,
    "console-endpoint-state": """
    <span class="badge{{#is_failing}} failing{{/is_failing}}{{#is_off}} off{{/is_off}}" \
    data-failing="\(EndpointContent.failing.joined(separator: "|"))" \
    data-off="\(EndpointContent.off.joined(separator: "|"))" data-name="{{endpoint}} state_label">{{state_label}}</span>
    """,
    "console-endpoint-head": """
    <p class="back"><a href="/console/endpoints">All endpoints</a></p>
    <div class="head"><h1>{{endpoint}} {{>console-endpoint-state}}</h1>
    <div class="deeds">
    {{#approval}}<a class="button" href="{{approval}}">Approve plan</a>{{/approval}}
    {{#switches}}<form method="post" action="{{action}}">
    <input type="hidden" name="form_token" value="{{form_token}}">
    <button type="submit" class="other">{{label}}</button>
    </form>
    {{/switches}}
    {{#links}}<a class="button other" href="{{address}}">{{label}}</a>
    {{/links}}
    </div></div>
    {{#notice}}<p class="done" role="status">{{notice}}</p>{{/notice}}
    <nav class="tabs" aria-label="Of this endpoint">
    {{#tabs}}<a href="{{address}}"{{#is_current}} aria-current="page"{{/is_current}}>{{label}}</a>
    {{/tabs}}
    </nav>

    """,
    "console-endpoint": """
    {{<console}}{{$main}}
    <div data-live="{{live}}">
    {{>console-endpoint-head}}
    <section><h2>Status</h2>
    <p data-name="{{endpoint}} why">{{why}}</p>
    <dl>
    {{#terms}}<div><dt>{{term}}</dt><dd>{{item}}</dd></div>
    {{/terms}}
    <div><dt>Next pass</dt><dd data-name="{{endpoint}} next">{{next}}</dd></div>
    <div><dt>Drift</dt><dd data-name="{{endpoint}} drift">{{drift}}</dd></div>
    </dl></section>
    </div>
    {{#has_withheld}}{{>console-withheld}}{{/has_withheld}}
    <h2>Conditions</h2>
    <table class="list">
    <caption class="unseen">Conditions</caption>
    <thead><tr><th scope="col">Condition</th><th scope="col">Holds</th><th scope="col">Since</th>\
    <th scope="col">Why</th></tr></thead>
    <tbody>
    {{#conditions}}<tr><th scope="row" class="whole">{{condition}}</th><td data-label="Holds" class="whole">{{answer}}</td>\
    <td data-label="Since" class="whole">{{since}}</td><td data-label="Why">{{reason}} <span class="note">{{because}}</span></td></tr>
    {{/conditions}}
    </tbody>
    </table>
    <section><h2>Last runs</h2>
    {{#no_runs}}<p class="empty">Nothing was written there yet.</p>{{/no_runs}}
    <ul class="lines">
    {{#runs}}<li><span class="badge{{#is_wrong}} failing{{/is_wrong}}">{{outcome}}</span> {{verb}} by <bdi>{{actor}}</bdi> \
    <span class="note">{{time}}{{#commit}}, commit {{commit}}{{/commit}}, run {{run}}{{#undoes}}, undoes {{undoes}}{{/undoes}}\
    {{#approver}}, approved by <bdi>{{approver}}</bdi>{{/approver}}\
    </span></li>
    {{/runs}}
    </ul></section>
    {{/main}}{{/console}}
    """,
    "console-withheld": """
    <section><h2>Withheld</h2>
    <ul class="lines">
    {{#withheld_items}}<li><bdi>{{resource}}</bdi> <span class="note">withheld: {{because}}</span></li>
    {{/withheld_items}}
    </ul></section>

    """,
    "console-endpoint-plan": """
    {{<console}}{{$main}}
    {{>console-endpoint-head}}
    {{#none}}<p class="empty">{{none}}</p>{{/none}}
    {{#summary}}<p><strong>{{summary}}</strong> {{outcome}} <span class="note">{{as_of}}{{#hash}} · plan {{hash}}{{/hash}}\
    {{#run}} · run {{run}}{{/run}}</span></p>{{/summary}}
    {{#objections}}<div class="problem"><p>{{message}}</p><p>{{hint}}</p></div>
    {{/objections}}
    {{#has_changes}}
    <h2>Changes</h2>
    <ol class="trail">
    {{#changes}}
    <li><p class="what"><span class="badge{{#is_taking}} failing{{/is_taking}}">{{verb}}</span> <strong>{{resource}}</strong>\
     <span class="note">{{because}}</span></p>
    {{#place}}<p class="note">{{place}}</p>{{/place}}
    {{#has_differences}}
    <dl>
    {{#differences}}{{>console-difference}}{{/differences}}
    </dl>
    {{/has_differences}}
    {{#result}}<p class="{{#is_wrong}}wrong{{/is_wrong}}{{^is_wrong}}note{{/is_wrong}}">{{result}}</p>{{/result}}
    </li>
    {{/changes}}
    </ol>
    {{#omitted}}<p class="note">{{omitted}}</p>{{/omitted}}
    {{>console-paging}}
    {{/has_changes}}
    {{#has_withheld}}{{>console-withheld}}{{/has_withheld}}
    {{/main}}{{/console}}
    """,
    "console-difference": """
    <div><dt>{{attribute}}</dt>{{#before}}<dd><del><span class="unseen">before: </span>{{before}}</del></dd>{{/before}}\
    {{#after}}<dd><ins><span class="unseen">after: </span>{{after}}</ins></dd>{{/after}}\
    {{#remark}}<dd class="note">{{remark}}</dd>{{/remark}}</div>

    """,
  ]
}
