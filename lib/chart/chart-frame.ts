/** What a chart frame's `sandbox` attribute holds: code runs, but without an origin, forms, popups or navigation of the page. */
export const chartFrameSandbox = "allow-scripts";

/**
 * The document of the frame that draws a chart cell in the page. Its policy allows its own inline script and
 * style and loads nothing from anywhere. It waits for one message `{ code, tables, dark }` (`tables`: Arrow
 * IPC stream bytes by name) that comes with a port, draws, and answers each on that port with
 * `{ kind: "drawn", height }` or `{ kind: "failed", message }`.
 *
 * @param runtime  text of the chart runtime (lib/server/chart-bundle.ts)
 */
export function buildChartFrame(runtime: string): string {
  // The parser ends a script at this sequence wherever it stands, also within a string.
  const script = runtime.replaceAll(/<\/(script)/gi, "<\\/$1").replaceAll("<!--", "<\\!--");
  return `<!doctype html>
<html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:">
<style>html,body{margin:0;background:transparent;font:13px system-ui,sans-serif}body{padding:2px}</style>
</head><body><div id="chart"></div><script>${script}</script></body></html>`;
}
