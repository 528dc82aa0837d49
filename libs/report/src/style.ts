/** The page's style: light and dark, on paper too. Colours are Okabe and Ito's, which the colour-blind can tell apart. */
import type { SampleClass } from '@faultline/history';

/** What a class is called on the page, and its colour on a light and on a dark ground. */
export const CLASSES: Readonly<
  Record<SampleClass, { readonly label: string; readonly light: string; readonly dark: string }>
> = {
  ok: { label: 'good', light: '#a9d3c0', dark: '#2f6b56' },
  timeout: { label: 'timeout', light: '#d55e00', dark: '#ee7a1f' },
  refused: { label: 'refused', light: '#e69f00', dark: '#f0b429' },
  'no-route': { label: 'no route', light: '#cc79a7', dark: '#d98bb6' },
  reset: { label: 'reset', light: '#56b4e9', dark: '#6cc1f0' },
  'http-404': { label: '404', light: '#c9b800', dark: '#f0e442' },
  'http-502': { label: '502', light: '#7b4fa3', dark: '#b08ad6' },
  'http-503': { label: '503', light: '#0072b2', dark: '#3d9bdc' },
  'http-504': { label: '504', light: '#004c78', dark: '#8ab6d6' },
  'wrong-answer': { label: 'wrong answer', light: '#5c5c5c', dark: '#b5b5b5' },
  other: { label: 'other', light: '#8a8a8a', dark: '#8f8f8f' },
  late: { label: 'never sent', light: '#d9d9d9', dark: '#4a4f57' },
};

/** Machines that answer for an address: paler than any class, and none is the colour of an alarm. */
export const OWNER_COLOURS: readonly { readonly light: string; readonly dark: string }[] = [
  { light: '#b9d4f1', dark: '#2c4f77' },
  { light: '#d9c8ee', dark: '#5a4480' },
  { light: '#f1ddb0', dark: '#6b5722' },
  { light: '#bfe3df', dark: '#24605a' },
  { light: '#f0c9d6', dark: '#74405a' },
  { light: '#d5d9dd', dark: '#4b535c' },
];

const entries = Object.entries(CLASSES);
const variables = (theme: 'light' | 'dark'): string =>
  entries.map(([name, colours]) => `--${name}:${colours[theme]}`).join(';');
const owners = (theme: 'light' | 'dark'): string =>
  OWNER_COLOURS.map((colours, index) => `--o-${index}:${colours[theme]}`).join(';');
const LIGHT = [
  'color-scheme:light;--ink:#16202a;--soft:#5a6774;--line:#d8dee5;--page:#fff;--panel:#f6f8fa;--fault:#b3261e',
  '--pass:#0b6b4f;--fail:#b3261e;--doubt:#8a5a00;--tint:#fff',
  variables('light'),
  owners('light'),
].join(';');
const DARK = [
  'color-scheme:dark;--ink:#e8edf2;--soft:#9aa7b4;--line:#333c47;--page:#12171d;--panel:#1a2129;--fault:#ff8a7a',
  '--pass:#4cc79a;--fail:#ff8a7a;--doubt:#f0b429;--tint:#12171d',
  variables('dark'),
  owners('dark'),
].join(';');

export const STYLE: string = `
:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);
  font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
main{max-width:1160px;margin:0 auto;padding:28px 24px 64px}
.where{color:var(--soft);font-size:14px;margin:0 0 18px}
.where b{color:var(--ink)}
h1{font-size:30px;line-height:1.25;letter-spacing:-.01em;margin:10px 0 10px;max-width:30em;text-wrap:balance}
h2{font-size:19px;margin:44px 0 4px}
h3{font-size:15px;margin:22px 0 6px}
p.note,figcaption{color:var(--soft);font-size:14px;margin:0 0 12px;max-width:76em}
.badge{display:inline-block;font-weight:700;font-size:14px;letter-spacing:.05em;text-transform:uppercase;color:var(--tint);
  border-radius:5px;padding:3px 11px}
.badge.pass{background:var(--pass)}.badge.fail{background:var(--fail)}.badge.inconclusive{background:var(--doubt)}
.reason{margin:0;color:var(--soft);max-width:60em}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:1px;background:var(--line);
  border:1px solid var(--line);border-radius:8px;overflow:hidden;margin:26px 0 0}
.figures div{background:var(--panel);padding:12px 16px}
.figures dt{font-size:13px;color:var(--soft)}.figures dd{margin:2px 0 0;font-size:22px;font-weight:650;font-variant-numeric:tabular-nums}
.figures small{display:block;font-size:12.5px;font-weight:400;color:var(--soft)}
figure{margin:12px 0 0}
svg.timeline{width:100%;height:auto;display:block;font-family:inherit}
svg text{fill:var(--ink)}svg .soft{fill:var(--soft)}
svg .lane-ground{fill:var(--panel)}svg .grid{stroke:var(--line)}
svg .fault{fill:var(--fault);opacity:.13}svg .becoming{fill:var(--fault);opacity:.35}
svg .fault-line{stroke:var(--fault);stroke-width:1.5}svg .fault-text{fill:var(--fault);font-weight:650}
svg .measured{fill:var(--soft);opacity:.75}svg .bracket{stroke:var(--ink);stroke-width:1.6;fill:none}
svg .halo{stroke:var(--page);stroke-width:4px;paint-order:stroke;stroke-linejoin:round}
svg .mark{stroke:var(--soft);stroke-width:1}svg .window{fill:none;stroke:var(--soft);stroke-dasharray:3 3}
svg .nobody{fill:none;stroke:var(--soft);stroke-dasharray:2 3}svg .expected{fill:var(--pass);opacity:.4}
svg .hatch{fill:var(--fault);opacity:.4}svg .hatch-ground{fill:var(--page)}svg .two{stroke:var(--fault);stroke-width:1.5}
svg .alarm{fill:var(--fault);font-weight:700}svg .tick{stroke:var(--ink);stroke-width:1.8;fill:none}svg .tick.abandoned{fill:var(--ink)}
svg .tick.opened{fill:var(--page)}
svg .dot{fill:var(--ink);opacity:.5}svg .median{stroke:var(--pass);stroke-width:2}a{color:inherit}main.wide{max-width:1720px}
.compact table{font-size:13.5px}.compact th,.compact td{padding-right:10px}.compact th{font-size:12px;vertical-align:bottom}
.compact th.n{white-space:normal}.compact td.name{white-space:normal;min-width:13em}
.compact small{display:block;font-weight:400;color:var(--soft)}
sup{font-size:10px;color:var(--soft);margin-left:2px;line-height:0}ol.notes,ul.plain{font-size:14px;color:var(--soft);padding-left:22px}
.legend i.who{background:var(--soft);opacity:.75}
td.missing{color:var(--soft)}span.verdict{font-weight:650}
span.verdict.pass{color:var(--pass)}span.verdict.fail{color:var(--fail)}span.verdict.inconclusive{color:var(--doubt)}
${OWNER_COLOURS.map((_, index) => `.o-${index}{fill:var(--o-${index});background:var(--o-${index})}`).join('')}
${entries.map(([name]) => `.c-${name}{fill:var(--${name});background:var(--${name})}`).join('')}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;padding:0;margin:10px 0 0;font-size:13.5px;color:var(--soft)}
.legend i,.swatch{display:inline-block;width:12px;height:12px;border-radius:2px;margin-right:6px;vertical-align:-1px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14.5px;font-variant-numeric:tabular-nums}
th{text-align:left;font-weight:600;color:var(--soft);font-size:13px}
th,td{padding:7px 14px 7px 0;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;white-space:nowrap}table.tight th.n{width:9em}td.n+td:not(.n),th.n+th:not(.n){padding-left:18px}
td.name{white-space:nowrap;font-weight:550}
td.pass{color:var(--pass);font-weight:650}td.fail{color:var(--fail);font-weight:650}td.inconclusive{color:var(--doubt);font-weight:650}
.cols{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:0 36px}
.bar{display:flex;height:13px;border-radius:3px;overflow:hidden;background:var(--panel);min-width:120px}.bar i{display:block;height:100%}
.bar i.who{background:var(--soft)}
.matrix{width:auto}.matrix td,.matrix th{padding:6px 10px;text-align:center;border:1px solid var(--line)}
.matrix th{font-weight:550}.matrix .reached{background:var(--ok)}.matrix .cut{background:var(--timeout);color:#fff;font-weight:650}
.matrix .some{background:var(--refused);color:#111}
.sweep th[scope=row]{text-align:left;white-space:nowrap}.sweep i{display:inline-block;width:1.5em;margin:0 1px;border-radius:3px;
  font-style:normal;text-align:center}.sweep .wrong{outline:2px solid var(--fault);outline-offset:1px}
pre{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:12px 14px;overflow-x:auto;
  font:13.5px/1.5 ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace;white-space:pre-wrap;word-break:break-word}
pre.command{user-select:all;-webkit-user-select:all}
details summary{cursor:pointer;color:var(--soft);font-size:14px}
@media print{:root{${LIGHT}}main{max-width:none;padding:0}h2{break-after:avoid}figure,table,pre{break-inside:avoid}body{font-size:11pt}
details{display:none}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`.trim();
