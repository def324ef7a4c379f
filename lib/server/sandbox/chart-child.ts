// Draws charts inside the sandbox, bundled into one file.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { evaluateChart, readChartRows } from "../../chart/evaluate-chart.ts";

declare const Deno: {
  readonly stdin: { read(buffer: Uint8Array): Promise<number | null> };
  readonly stdout: { writeSync(bytes: Uint8Array): number };
};

const { stdin, stdout } = Deno;
const { parse, stringify } = JSON;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

async function readBytes(count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  let used = 0;
  while (used < count) {
    const read = await stdin.read(bytes.subarray(used));
    if (read === null) throw new Error("the request ended early");
    used += read;
  }
  return bytes;
}

function writeFrame(text: string): void {
  const body = encoder.encode(text);
  const frame = new Uint8Array(body.length + 4);
  new DataView(frame.buffer).setUint32(0, body.length, true);
  frame.set(body, 4);
  let written = 0;
  while (written < frame.length) written += stdout.writeSync(frame.subarray(written));
}

const head = await readBytes(4);
const request = parse(decoder.decode(await readBytes(new DataView(head.buffer).getUint32(0, true)))) as {
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
const silent = () => undefined;
// Plot looks for the document on the window when code calls it directly.
Object.assign(globalThis, { document, window: { document } });
for (const name of ["Deno", "process", "Buffer", "Worker", "fetch", "WebSocket", "console"]) {
  Object.defineProperty(globalThis, name, {
    value: name === "console" ? { log: silent, warn: silent, error: silent } : undefined,
    writable: false,
    configurable: false
  });
}
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
  writeFrame(stringify({ svg: text }));
} catch (error) {
  writeFrame(stringify({ message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }));
}
