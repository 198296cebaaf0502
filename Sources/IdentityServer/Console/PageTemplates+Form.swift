extension PageTemplates {
  /// Forms of the console, and their controls.
  static let consoleForms = [
    "console-form": """
    {{<console}}{{$main}}
    <div class="narrow">
    {{#back}}<p class="back"><a href="{{address}}">{{label}}</a></p>{{/back}}
    <h1>{{title}}</h1>
    {{#is_wrong}}
    <div class="problem" role="alert" tabindex="-1" autofocus>
    <p>{{objection}}</p>
    <ul>
    {{#complaints}}<li><a href="#field-{{target}}">{{about}}</a>: {{complaint}}</li>
    {{/complaints}}
    </ul>
    </div>
    {{/is_wrong}}
    <form method="post" action="{{action}}" novalidate>
    <button type="submit" class="unseen" tabindex="-1" aria-hidden="true">{{submit}}</button>
    <input type="hidden" name="form_token" value="{{form_token}}">
    {{#version}}<input type="hidden" name="version" value="{{version}}">{{/version}}
    {{#sections}}
    <fieldset class="section"><legend>{{legend}}</legend>
    {{#elements}}
    {{#field}}{{>console-field}}{{/field}}
    {{#group}}{{>console-rows}}{{/group}}
    {{/elements}}
    </fieldset>
    {{/sections}}
    <div class="deeds">
    <button type="submit">{{submit}}</button>
    <a class="button other" href="{{cancel}}">Cancel</a>
    </div>
    </form>
    </div>
    {{/main}}{{/console}}
    """,
    "console-rows": """
    <div class="rows" id="field-{{group_id}}" tabindex="-1">
    <input type="hidden" name="{{count_name}}" value="{{count}}">
    {{#group_problem}}<p class="wrong">{{group_problem}}</p>{{/group_problem}}
    {{#rows}}
    {{#is_folded}}<details><summary>{{row_legend}}</summary>{{/is_folded}}
    <fieldset class="row{{#is_compact}} compact{{/is_compact}}"><legend>{{row_legend}}</legend>
    {{#fields}}{{>console-field}}{{/fields}}
    </fieldset>
    {{#is_folded}}</details>{{/is_folded}}
    {{/rows}}
    <button type="submit" class="other small" name="more" value="{{group_id}}">One more: {{group_label}}</button>
    </div>

    """,
    "console-field": """
    {{#is_boxes}}
    <fieldset class="field boxes" id="field-{{name}}" tabindex="-1"><legend>{{label}}</legend>
    {{#options}}<div class="check"><input type="checkbox" id="field-{{box_id}}" name="{{box}}" value="on"\
    {{#is_chosen}} checked{{/is_chosen}}><label for="field-{{box_id}}">{{option_label}}</label></div>
    {{/options}}
    {{>console-field-notes}}
    </fieldset>
    {{/is_boxes}}
    {{^is_boxes}}
    <div class="field{{#problem}} faulty{{/problem}}">
    {{#is_flag}}<div class="check"><input type="checkbox" id="field-{{name}}" name="{{name}}" value="on"\
    {{#is_on}} checked{{/is_on}}{{>console-field-state}}><label for="field-{{name}}">{{label}}</label></div>{{/is_flag}}
    {{^is_flag}}<label for="field-{{name}}">{{label}}{{#is_required}} <span class="note" aria-hidden="true">(needed)</span>{{/is_required}}</label>
    {{/is_flag}}
    {{#is_text}}<input id="field-{{name}}" name="{{name}}" value="{{value}}" autocomplete="off" autocapitalize="none" \
    spellcheck="false"{{>console-field-state}}>{{/is_text}}
    {{#is_secret}}<input id="field-{{name}}" name="{{name}}" type="password" autocomplete="new-password"\
    {{>console-field-state}}>{{/is_secret}}
    {{#is_lines}}<textarea id="field-{{name}}" name="{{name}}" rows="4" autocapitalize="none" spellcheck="false"\
    {{>console-field-state}}>
    {{value}}</textarea><p class="note">One a line.</p>{{/is_lines}}
    {{#is_choice}}<select id="field-{{name}}" name="{{name}}"{{>console-field-state}}>
    {{#options}}<option value="{{option}}"{{#is_chosen}} selected{{/is_chosen}}>{{option_label}}</option>
    {{/options}}
    </select>{{/is_choice}}
    {{>console-field-notes}}
    </div>
    {{/is_boxes}}

    """,
    "console-field-state": """
    {{#is_required}} required{{/is_required}}{{#problem}} aria-invalid="true"{{/problem}}\
    {{#described_by}} aria-describedby="{{described_by}}"{{/described_by}}
    """,
    "console-field-notes": """
    {{#problem}}<p class="wrong" id="{{name}}-problem">{{problem}}</p>{{/problem}}
    {{#by_now}}<p class="newer">By now it is: {{by_now}}</p>{{/by_now}}
    {{#help}}<p class="note" id="{{name}}-help">{{help}}</p>{{/help}}

    """,
  ]
}
