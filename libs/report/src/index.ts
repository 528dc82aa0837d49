export { renderHtml, type HtmlOptions } from './html.ts';
export { renderJunit } from './junit.ts';
export { liveView, type LiveOptions } from './live.ts';
export { renderSummary } from './summary.ts';
export { renderTerminal, type TerminalOptions } from './terminal.ts';
