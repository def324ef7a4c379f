// Draws charts inside the sandbox, bundled into one file.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { evaluateChart, readChartRows } from "../../chart/evaluate-chart.ts";
import { type ChildPipes, openFrames } from "./child-frames.ts";
import { closeGlobals } from "./child-globals.ts";

declare const Deno: ChildPipes;

const frames = openFrames(Deno);
const { parse, stringify } = JSON;
frames.read();
const request = parse(frames.next()) as {
  readonly code: string;
  readonly tables: Readonly<Record<string, string>>;
};
const { document } = parseHTML("<!doctype html><html><body></body></html>");
const tables = Object.fromEntries(
  Object.entries(request.tables).map(([name, base64]) => [
    name,
    readChartRows(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)))
  ])
);
closeGlobals();
// Plot looks for the document on the window when code calls it directly.
Object.assign(globalThis, { document, window: { document } });
try {
  const drawn = (await evaluateChart(request.code, Plot, tables)) as {
    readonly outerHTML?: string;
    readonly tagName?: string;
    querySelector?(name: string): { readonly outerHTML: string } | null;
  } | null;
  const svg = drawn?.tagName?.toLowerCase() === "svg" ? drawn : drawn?.querySelector?.("svg");
  if (!svg?.outerHTML) throw new TypeError("the code gives no chart; end it with Plot.plot({ … })");
  const text = svg.outerHTML.includes("xmlns=")
    ? svg.outerHTML
    : svg.outerHTML.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
  frames.write(stringify({ svg: text }));
} catch (error) {
  frames.write(stringify({ message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }));
}
