extension PageTemplates {
  /// What differs at endpoints without the manifests having asked for it.
  static let consoleDrift = [
    "console-drift-chart": """
    <figure class="plot">
    <div class="area">
    <svg viewBox="{{box}}" preserveAspectRatio="none" role="img" aria-label="{{in_words}}">
    {{#layers}}<polygon points="{{points}}" class="{{word}}"/>{{/layers}}
    </svg>
    <span class="highest" aria-hidden="true">{{highest}}</span><span class="zero" aria-hidden="true">0</span>
    <p class="ends" aria-hidden="true"><span>{{start}}</span> <span>{{end}}</span></p>
    </div>
    <figcaption class="legend">{{#layers}}<span><svg viewBox="0 0 1 1" aria-hidden="true">\
    <rect width="1" height="1" class="{{word}}"/></svg>{{word}}</span> {{/layers}}</figcaption>
    </figure>

    """,
    "console-drift-ages": """
    <table class="list">
    <caption class="unseen">Drift by class and age</caption>
    <thead><tr><th scope="col">Drift</th><th scope="col">Less than a day</th><th scope="col">Less than a week</th>\
    <th scope="col">Less than a month</th><th scope="col">Older</th><th scope="col">Acknowledged</th></tr></thead>
    <tbody>
    {{#ages}}<tr><th scope="row" class="words">{{class}}</th><td data-label="Less than a day">{{day}}</td>\
    <td data-label="Less than a week">{{week}}</td><td data-label="Less than a month">{{month}}</td>\
    <td data-label="Older">{{older}}</td><td data-label="Acknowledged">{{acknowledged}}</td></tr>
    {{/ages}}
    </tbody>
    </table>

    """,
    "console-endpoint-drift": """
    {{<console}}{{$main}}
    {{>console-endpoint-head}}
    {{#none}}<p class="empty">{{none}}</p>{{/none}}
    {{#chart}}<section><h2>Over time</h2>{{>console-drift-chart}}</section>{{/chart}}
    {{#has_findings}}
    <h2>Findings</h2>
    <ol class="trail">
    {{#findings}}
    <li><p class="what"><span class="badge{{#is_open}} failing{{/is_open}}{{^is_open}} off{{/is_open}}">{{class}}</span> \
    <strong>{{resource}}</strong> <span class="note">{{age}} · {{fingerprint}}</span></p>
    <p class="note">first seen {{first}}{{#modified}}, changed there {{modified}}{{/modified}}{{#place}}, {{place}}{{/place}}</p>
    {{#has_differences}}
    <dl>
    {{#differences}}{{>console-difference}}{{/differences}}
    </dl>
    {{/has_differences}}
    {{#standing}}<p class="note">{{standing}}</p>{{/standing}}
    <div class="deeds">
    {{#is_open}}<a href="{{action}}">Acknowledge<span class="unseen"> {{resource}}</span></a>{{/is_open}}
    {{^is_open}}<form method="post" action="{{action}}">
    <input type="hidden" name="form_token" value="{{form_token}}">
    <button type="submit" class="other small" name="change" value="unacknowledge">Let it count again<span class="unseen">: \
    {{resource}}</span></button>
    </form>{{/is_open}}
    </div>
    </li>
    {{/findings}}
    </ol>
    {{>console-paging}}
    {{/has_findings}}
    {{/main}}{{/console}}
    """,
  ]
}
