/** What the night's page adds to the style of all pages. */
export const NIGHT_STYLE: string = `
svg.spark{display:inline-block;vertical-align:middle;overflow:visible;max-width:none}
svg.spark polyline{fill:none;stroke:var(--ink);stroke-width:1.4;stroke-linejoin:round}
svg.spark circle{fill:var(--ink)}svg.spark .band{fill:var(--pass);opacity:.2}
svg.spark .change{stroke:var(--fault);stroke-width:1.6;stroke-dasharray:3 2}
.v-pass{fill:var(--pass)}.v-fail{fill:var(--fail)}.v-inconclusive{fill:var(--doubt)}.v-skip{fill:var(--soft)}
a.row,span.row{display:inline-block;min-width:1.75em;margin:1px 2px 1px 0;padding:1px 4px;border-radius:4px;text-align:center;
  font-weight:700;font-size:13.5px;text-decoration:none;color:var(--tint)}
a.row:focus-visible{outline:2px solid var(--ink);outline-offset:2px}
.row.pass{background:var(--pass)}.row.fail{background:var(--fail)}.row.inconclusive{background:var(--doubt)}
.row.skip{background:var(--panel);color:var(--soft);box-shadow:inset 0 0 0 1px var(--line)}
.row.quarantined{background:var(--page);box-shadow:inset 0 0 0 2px currentColor}
.row.fail.quarantined{color:var(--fail)}.row.inconclusive.quarantined{color:var(--doubt)}
.row.changed{text-decoration:underline double;text-underline-offset:3px}
.grid td{padding:5px 14px 5px 0;white-space:nowrap}.grid th[scope=row]{font-size:14px;color:var(--ink);white-space:nowrap}
.rows td{padding-right:16px}.rows td.name{white-space:normal;min-width:17em;font-weight:550}
.rows small,.failures small{display:block;font-weight:400;color:var(--soft);font-size:13px;overflow-wrap:anywhere}
.rows td.figure{white-space:nowrap}.rows tr:target{background:var(--panel);outline:2px solid var(--line)}
.changes td{white-space:nowrap}.changes td.name{white-space:normal;min-width:13em;overflow-wrap:anywhere}
ul.news{list-style:none;margin:6px 0 0;padding:0;font-size:15px}
ul.news li{padding:7px 0 7px 12px;border-left:4px solid var(--line);margin:0 0 6px;overflow-wrap:anywhere}
ul.news li.fail{border-color:var(--fail)}ul.news li.inconclusive{border-color:var(--doubt)}ul.news li.pass{border-color:var(--pass)}
ul.news b{font-weight:650}ul.news small{display:block;color:var(--soft);font-size:13.5px}
code{font:13px ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace}
.wrap{overflow-wrap:anywhere;min-width:15em}ul.plain li{overflow-wrap:anywhere}
`.trim();
