"""What stands where in a page."""

import json

from book.site.places import places
from book.site.widgets import WIDGET_STATE, WIDGET_VIEW

SPEC = {"kind": "predict", "name": "hidden-name", "question": "How many?", "options": [{"text": "Two & three"}],
        "drawings": {"wide": {"svg": "<svg>no</svg>", "moving": [{"words": {"1": [[0, "per box"]]}, "kind": "no"}]}}}
PAGE = f"""<header><p>bar</p></header><article><div class="above"><p>Chapter 1</p></div>
<section id="title"><h1>The <em>ti</em>tle</h1><p class="tools">Download</p>
<p>First<br>line, <b>5</b>03 and λ<wbr>x.</p>
<section id="next"><h2>Next</h2><a class="headerlink" aria-label="no"></a>
<div class="cell" id="count"><div class="highlight"><pre><span>os</span><span>.</span><span>kill</span></pre></div>
<style>.no {{}}</style><script>no()</script><table><tr><td>404</td><td>7</td></tr></table>
<svg><path/><text>14</text><text>kB</text></svg>
<script type="{WIDGET_VIEW}">{{"model_id": "w"}}</script>
<noscript><p>This needs JavaScript.</p></noscript></div>
<p>Behind <math><mi>N</mi><mo>+</mo><mn>1</mn></math></p></section>
<dl><dt id="term-hit">hit</dt><dd><p>Found <i>in</i> a cache.</p></dd><dt>no term</dt></dl>
<table><tr id="claim-S1"><td><p>S1</p></td><td>shown</td></tr></table>
<div class="citation" id="id7"><span class="label"><span>[</span>RFC 9110<span>]</span></span><p>HTTP.</p></div>
</section></article><footer>foot</footer>
<script type="{WIDGET_STATE}">{json.dumps({"state": {"w": {"state": {"spec": SPEC}}}})}</script>"""


def test_each_place_has_what_it_shows() -> None:
    """Text of one element goes on within a word, text of two does not; what every page has is of none."""
    assert [(place.kind, place.anchor, place.title, place.text) for place in places(PAGE)] == [
        ("section", "", "The title", "First line, 503 and λx. no term"),
        ("section", "next", "Next", "Behind N + 1"),
        ("cell", "count", "", "os.kill 404 7 14 kB How many? Two & three per box"),
        ("term", "term-hit", "hit", "Found in a cache."),
        ("row", "claim-S1", "S1", "shown"),
        ("source", "id7", "[RFC 9110]", "HTTP."),
    ]
