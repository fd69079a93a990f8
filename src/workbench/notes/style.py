"""The style sheet of the HTML notes: light and dark, screen and paper, no font from outside."""

VARIABLES = """
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --card: #ffffff; --ink: #1f2328; --soft: #626a73; --line: #e2dfd8;
  --good: #2f7d4f; --warn: #8f6105; --bad: #b3261e; --accent: #2b6483;
  --good-wash: #e8f3ec; --warn-wash: #fbf1dc; --bad-wash: #fbe9e7; --accent-wash: #e6f0f5;
  --track: #ece9e2; --accepts: #cfe6d8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171c; --card: #1c1f26; --ink: #d9dce1; --soft: #99a1ac; --line: #2e323b;
    --good: #87b37a; --warn: #d8a657; --bad: #f07a72; --accent: #7fb4ca;
    --good-wash: #1b2820; --warn-wash: #2a2418; --bad-wash: #321f1f; --accent-wash: #1a2831;
    --track: #2b2f38; --accepts: #2c4636;
  }
}
"""

# What is drawn over time: inline in the notes, and in files of its own.
PLOTS = """
.plot text { font-size: 12px; fill: var(--ink); }
.plot .title { font-size: 14px; font-weight: 600; }
.plot .soft { fill: var(--soft); }
.ground { fill: var(--card); }
.grid { stroke: var(--line); stroke-width: 1; }
.axis { stroke: var(--soft); stroke-width: 1; }
.allowed { fill: var(--accepts); opacity: .45; }
.limit-line { stroke: var(--ink); stroke-width: 1.5; }
.centre-line { stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 6 4; }
.baseline-line { stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 1.5 4; }
.phase { stroke: var(--accent); stroke-width: 1.5; stroke-dasharray: 4 3; }
.course { fill: none; stroke: var(--soft); stroke-width: 1; }
.counts { fill: var(--ink); }
.failed, .overridden { fill: var(--card); stroke: var(--bad); stroke-width: 1.5; }
.overridden { stroke: var(--accent); }
.earlier_phase { fill: var(--card); stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 2 2; }
.invalid { fill: none; stroke: var(--soft); stroke-width: 1.5; }
.judged { fill: var(--accent); stroke: var(--card); stroke-width: 1; }
.ring { fill: none; stroke: var(--warn); stroke-width: 2; }
.plot .rule.fail { fill: var(--bad); }
.plot .rule.warn { fill: var(--warn); }
.happening { fill: var(--soft); }
.staging-bars { fill: var(--accent); opacity: .45; }
.production-bars { fill: none; stroke: var(--ink); stroke-width: 1.5; }
.staging-percentile { stroke: var(--accent); stroke-width: 1.5; }
.production-percentile { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 4 3; }
"""

IN_PAGE = ".plot { display: block; width: 100%; max-width: 45rem; height: auto; margin: 1rem 0; }\n"

_PAGE = """* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 3.5rem 1.5rem 5rem; max-width: 60rem;
  background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", sans-serif;
  overflow-wrap: anywhere; hyphens: manual; font-variant-numeric: tabular-nums;
}
h1, h2, h3, p, dl, ol, ul { margin: 0; padding: 0; }
h1, h2, .summary { font-family: "Iowan Old Style", Charter, "Source Serif 4", "Noto Serif", Georgia, serif; }
h1 { font-size: 3.25rem; line-height: 1.1; font-weight: 600; letter-spacing: -.015em; }
h2 { font-size: 1.5rem; line-height: 1.25; font-weight: 600; margin-bottom: 1rem; }
h3 { font-size: .95rem; font-weight: 600; margin: 1.75rem 0 .5rem; }
.project { color: var(--soft); margin-bottom: .35rem; }
.summary { font-size: 1.3rem; line-height: 1.4; color: var(--soft); margin-top: .5rem; max-width: 42rem; }
.standing {
  margin: 1.75rem 0 0; padding: .85rem 1.1rem; border-radius: .4rem; font-weight: 600; font-size: 1.1rem;
  background: var(--card); color: var(--ink);
}
.standing b { margin-right: .35rem; }
.standing.good { background: var(--good-wash); color: var(--good); }
.standing.warn { background: var(--warn-wash); color: var(--warn); }
.standing.bad { background: var(--bad-wash); color: var(--bad); }
.remark { margin-top: .75rem; padding-left: 1.1rem; color: var(--soft); font-size: .92rem; max-width: 48rem; }
section { margin-top: 3.25rem; }
h2 + h3 { margin-top: 0; }
section > p { max-width: 44rem; }
section > ul + p, section > ol + p { margin-top: .9rem; }
section > p + p { margin-top: .75rem; }
p.quiet { color: var(--soft); }
p.warn { color: var(--warn); }
p.bad { color: var(--bad); }
.pairs { display: grid; grid-template-columns: 1fr; margin-top: 1.75rem; font-size: .92rem; }
.pairs > div { display: grid; grid-template-columns: 8.5rem 1fr; padding: .3rem 0; border-top: 1px solid var(--line); }
.pairs dt { color: var(--soft); }
.pairs dd, .details dd { margin: 0; }
section .pairs { margin: 0 0 1rem; }
.stepper { list-style: none; display: flex; flex-wrap: wrap; gap: .5rem; margin-top: 2rem; }
.stepper li {
  flex: 1 1 8rem; padding: .55rem .75rem .6rem; border-radius: .35rem; background: var(--card);
  border-top: 3px solid var(--line); font-weight: 600; font-size: .95rem; line-height: 1.35;
}
.stepper small { display: block; font-weight: 400; color: var(--soft); font-size: .82rem; }
.stepper .good { border-color: var(--good); }
.stepper .warn { border-color: var(--warn); }
.stepper .bad { border-color: var(--bad); }
.good > .sign, .good > small .sign, .good .verdict .sign { color: var(--good); }
.warn > .sign, .warn > small .sign, .warn .verdict .sign { color: var(--warn); }
.bad > .sign, .bad > small .sign, .bad .verdict { color: var(--bad); }
.excepted > .sign, .excepted .verdict .sign { color: var(--accent); }
.plain > .sign, .quiet > .sign, .quiet .verdict { color: var(--soft); }
.bad .verdict { font-weight: 600; }
.entries { list-style: none; }
.entries > li {
  display: grid; grid-template-columns: 1.6rem 1fr; padding: .6rem 0; border-top: 1px solid var(--line);
  break-inside: avoid;
}
.entries > li > .sign { font-weight: 600; }
.entries .text { color: var(--soft); }
.entries strong + .text::before { content: "\\2002"; }
.details { margin-top: .3rem; font-size: .88rem; line-height: 1.45; }
.details > div { display: grid; grid-template-columns: 8.5rem 1fr; gap: .75rem; padding: .08rem 0; }
.details dt { color: var(--soft); }
#gates .details > div { grid-template-columns: 15rem 1fr; }
.steps { padding-left: 1.4rem; }
.steps li { padding: .15rem 0 .15rem .2rem; }
.steps li::marker { color: var(--soft); }
.verdicts { width: 100%; border-collapse: collapse; font-size: .93rem; margin-top: .5rem; }
.verdicts th, .verdicts td { text-align: left; vertical-align: top; padding: .55rem .75rem 0 0; }
.verdicts thead th { color: var(--soft); font-weight: 400; font-size: .85rem; padding-bottom: .45rem; white-space: nowrap; }
.verdicts th[scope] { font-weight: 600; width: 30%; }
.verdicts th small { display: block; color: var(--soft); font-weight: 400; font-size: .82rem; line-height: 1.3; }
.verdicts tbody { border-top: 1px solid var(--line); break-inside: avoid; }
.verdicts .verdict { white-space: nowrap; }
.verdicts .number { text-align: right; white-space: nowrap; overflow-wrap: normal; }
.verdicts tr > :last-child { padding-right: 0; }
.verdicts .words td { padding: .25rem 0 .65rem; font-size: .85rem; line-height: 1.4; color: var(--soft); }
.verdicts .words b { color: var(--ink); font-weight: 600; margin-right: .4rem; }
.verdicts .bad .words b { color: var(--bad); }
.nothing { color: var(--soft); font-size: .85rem; }
.bar { display: block; width: 100%; min-width: 8rem; max-width: 15rem; height: auto; }
.track { fill: var(--track); }
.accepts { fill: var(--accepts); }
.value { fill: var(--soft); }
.value.good { fill: var(--good); }
.value.warn { fill: var(--warn); }
.value.bad { fill: var(--bad); }
.value.excepted { fill: var(--accent); }
.limit { stroke: var(--ink); stroke-width: 1.5; }
.baseline { fill: var(--card); stroke: var(--ink); stroke-width: 1.5; }
.key { color: var(--soft); font-size: .85rem; margin-top: .75rem; }
.swatch { display: inline-block; width: 1.1rem; height: .5rem; margin: 0 .35rem 0 .9rem; border-radius: 2px; }
.key .swatch:first-child { margin-left: 0; }
.swatch.value { background: var(--soft); }
.swatch.accepts { background: var(--accepts); }
.swatch.limit { width: 2px; height: .9rem; background: var(--ink); vertical-align: -2px; }
.swatch.baseline { width: .6rem; height: .6rem; border: 1.5px solid var(--ink); border-radius: 50%; }
@media (max-width: 44rem) {
  body { padding: 2rem 1rem 3rem; }
  h1 { font-size: 2.4rem; }
  .details > div, #gates .details > div, .pairs > div { grid-template-columns: 1fr; gap: 0; }
  .key, .verdicts .chart, .verdicts thead th:nth-child(3) { display: none; }
}
@media print {
  :root {
    color-scheme: light;
    --paper: #ffffff; --card: #ffffff; --ink: #000000; --soft: #444444; --line: #cccccc;
    --good: #1e6b3c; --warn: #7a5200; --bad: #a01b14; --accent: #1e5571;
    --good-wash: #ffffff; --warn-wash: #ffffff; --bad-wash: #ffffff; --accent-wash: #ffffff;
    --track: #e8e8e8; --accepts: #cfe6d8;
  }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { padding: 0; max-width: none; font-size: 10.5pt; }
  .standing { border: 1.5pt solid currentColor; }
  .stepper li { border: 1px solid var(--line); border-top-width: 3px; }
  section { margin-top: 2rem; }
  h2, h3 { break-after: avoid; }
}
"""

# The evidence of claims, in pages that cite some.
CITES = """
.cites a { color: var(--accent); text-decoration: none; font-size: .75rem; padding: 0 .15rem; }
.cites a:hover { text-decoration: underline; }
.sources { font-size: .85rem; color: var(--soft); line-height: 1.5; overflow-wrap: anywhere; }
.sources li:target { color: var(--ink); font-weight: 600; }
"""

# Tables of rows, in pages that have some.
ROWS = """
.rows { width: 100%; border-collapse: collapse; font-size: .93rem; margin-top: .5rem; }
.rows th, .rows td { text-align: left; vertical-align: top; padding: .5rem .75rem .35rem 0; }
.rows thead th { color: var(--soft); font-weight: 400; font-size: .85rem; }
.rows th[scope] { font-weight: 600; width: 27%; }
.rows td:last-child { padding-right: 0; }
.rows tbody { border-top: 1px solid var(--line); break-inside: avoid; }
.rows .span { width: 18%; }
.rows .span svg { display: block; width: 100%; min-width: 6rem; margin-top: .3rem; }
.rows .under td { padding: 0 0 .6rem; font-size: .85rem; line-height: 1.4; color: var(--soft); white-space: normal; }
.known { fill: var(--accent); opacity: .35; }
.value-line { stroke: var(--ink); stroke-width: 1.2; }
"""

STYLE = VARIABLES + _PAGE
