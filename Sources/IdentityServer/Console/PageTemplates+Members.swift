extension PageTemplates {
  /// Who belongs where.
  static let consoleMembers = [
    "console-members": """
    {{<console}}{{$main}}
    {{#back}}<p class="back"><a href="{{address}}">{{label}}</a></p>{{/back}}
    <h1>{{title}}</h1>
    {{#notice}}<p class="done" role="status">{{notice}}</p>{{/notice}}
    {{#objection}}<p class="problem" role="alert">{{objection}}</p>{{/objection}}
    {{#may_change}}
    <section aria-labelledby="add-heading"><h2 id="add-heading">Add a member</h2>
    <form class="search" method="get" action="{{path}}">
    <label for="add">Name or e-mail, or a SCIM filter</label>
    <div class="line"><input id="add" name="add" type="search" value="{{add}}" autocapitalize="none" spellcheck="false"\
    {{#add_problem}} aria-invalid="true" aria-describedby="add-problem"{{/add_problem}}>
    <button type="submit">Find</button></div>
    {{#add_problem}}<p class="wrong" id="add-problem" role="alert">{{add_problem}}</p>{{/add_problem}}
    </form>
    {{#no_candidates}}<p class="empty">Nobody matches.</p>{{/no_candidates}}
    <ul class="people">
    {{#candidates}}<li>{{>console-person}}</li>
    {{/candidates}}
    </ul>
    {{#left_out}}<p class="note">{{left_out}}</p>{{/left_out}}
    </section>
    {{/may_change}}
    <section aria-labelledby="members-heading"><h2 id="members-heading">Members</h2>
    <form class="search" method="get" action="{{path}}" role="search">
    <label for="search">Name</label>
    <div class="line"><input id="search" name="search" type="search" value="{{search}}" autocapitalize="none" \
    spellcheck="false">
    <button type="submit" class="other">Search</button></div>
    </form>
    {{#none}}<p class="empty">{{none}}</p>{{/none}}
    <ul class="people">
    {{#members}}<li>{{>console-person}}</li>
    {{/members}}
    </ul>
    {{#range}}{{>console-paging}}{{/range}}
    </section>
    {{/main}}{{/console}}
    """,
    "console-person": """
    <span>{{#address}}<a href="{{address}}">{{label}}</a>{{/address}}{{^address}}<bdi>{{label}}</bdi>{{/address}} \
    <span class="note">{{kind}}</span></span>
    {{#is_member}}<span class="note">is a member</span>{{/is_member}}
    {{^is_member}}{{#may_change}}<form method="post" action="{{action}}">
    <input type="hidden" name="form_token" value="{{form_token}}">
    <input type="hidden" name="member" value="{{member}}">
    <button type="submit" class="other small" name="change" value="{{change}}">{{verb}}<span class="unseen"> {{label}}\
    </span></button>
    </form>{{/may_change}}{{/is_member}}

    """,
    "console-access": """
    {{<console}}{{$main}}
    {{#back}}<p class="back"><a href="{{address}}">{{label}}</a></p>{{/back}}
    <h1>{{title}}</h1>
    {{#is_off}}<p class="problem">The account is disabled: none of this is worth anything until it is enabled.</p>{{/is_off}}
    {{#kinds}}
    <section><h2>{{heading}}</h2>
    {{#none}}<p class="empty">{{none}}</p>{{/none}}
    <ul class="access">
    {{#entries}}
    <li>{{#container}}{{>console-step}}{{/container}}
    <ul>
    {{#ways}}<li>{{#is_direct}}directly{{/is_direct}}{{^is_direct}}<bdi>{{start}}</bdi>{{#steps}} <span aria-hidden="true">→</span>\
    <span class="unseen"> in </span> {{>console-step}}{{/steps}} <span aria-hidden="true">→</span>\
    <span class="unseen"> in </span> {{#end}}<bdi>{{label}}</bdi>{{/end}}{{/is_direct}}</li>
    {{/ways}}
    </ul></li>
    {{/entries}}
    </ul>
    </section>
    {{/kinds}}
    {{#has_permissions}}
    <section><h2>Permissions</h2>
    <dl>
    {{#permissions}}<div><dt>{{permission}}</dt><dd>by {{by}}</dd></div>
    {{/permissions}}
    </dl></section>
    {{/has_permissions}}
    {{/main}}{{/console}}
    """,
    "console-step": """
    {{#address}}<a href="{{address}}">{{label}}</a>{{/address}}{{^address}}<bdi>{{label}}</bdi>{{/address}}
    """,
  ]
}
