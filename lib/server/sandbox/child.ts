// Runs inside the sandbox, bundled into one file. It keeps what it needs of the runtime in its own scope and
// takes everything else away before any scorer code is loaded.

import { TraceView } from "../../scoring/trace-view.ts";
import { failedScore, readVerdict } from "../../scoring/verdict.ts";

declare const Deno: {
  readonly stdin: { readSync(buffer: Uint8Array): number | null; read(buffer: Uint8Array): Promise<number | null> };
  readonly stdout: { writeSync(bytes: Uint8Array): number };
};

const { stdin, stdout } = Deno;
const { parse, stringify } = JSON;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const now = performance.now.bind(performance);
const later = setTimeout;
const forget = clearTimeout;
const race = Promise.race.bind(Promise);
const encode = encoder.encode.bind(encoder);
const decode = decoder.decode.bind(decoder);

function isolate(): void {
  const silent = () => undefined;
  const quiet = Object.fromEntries(
    ["log", "info", "warn", "error", "debug", "trace", "table", "dir"].map((name) => [name, silent])
  );
  Object.defineProperty(globalThis, "console", { value: quiet, writable: false, configurable: false });
  for (const name of [
    "Deno",
    "process",
    "Buffer",
    "global",
    "Worker",
    "fetch",
    "WebSocket",
    "EventSource",
    "localStorage",
    "sessionStorage",
    "caches",
    "navigator",
    "prompt",
    "alert",
    "confirm",
    "close",
    "onbeforeunload"
  ]) {
    Object.defineProperty(globalThis, name, { value: undefined, writable: false, configurable: false });
  }
}

async function readBytes(count: number): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(count);
  let used = 0;
  while (used < count) {
    const read = await stdin.read(bytes.subarray(used));
    if (read === null) return null;
    used += read;
  }
  return bytes;
}

async function readFrame(): Promise<string | null> {
  const head = await readBytes(4);
  if (!head) return null;
  const body = await readBytes(new DataView(head.buffer).getUint32(0, true));
  return body && decode(body);
}

function writeFrame(text: string): void {
  const body = encode(text);
  const frame = new Uint8Array(body.length + 4);
  new DataView(frame.buffer).setUint32(0, body.length, true);
  frame.set(body, 4);
  let written = 0;
  while (written < frame.length) written += stdout.writeSync(frame.subarray(written));
}

function sentence(error: unknown): string {
  try {
    if (error instanceof Error) return `the scorer threw: ${error.name}: ${String(error.message)}`.slice(0, 500);
    return `the scorer threw ${String(error)}`.slice(0, 500);
  } catch {
    return "the scorer threw something that cannot be read";
  }
}

type Scorer = { readonly score: (trace: unknown) => unknown };

async function scoreOne(scorer: Scorer, document: never, timeoutMs: number): Promise<unknown> {
  try {
    const returned = scorer.score(new TraceView(document));
    if (typeof (returned as { then?: unknown } | null)?.then !== "function") return readVerdict(returned);
    let timer = 0 as unknown;
    const late = Symbol("late");
    const deadline = new Promise((resolve) => {
      timer = later(() => resolve(late), timeoutMs);
    });
    const settled = await race([returned, deadline]);
    forget(timer as never);
    return settled === late ? failedScore(`the scorer did not answer within ${timeoutMs} ms`) : readVerdict(settled);
  } catch (error) {
    return failedScore(sentence(error));
  }
}

// An unhandled rejection of scorer code must not end the sandbox: the next trace has done nothing wrong.
globalThis.addEventListener("unhandledrejection", (event) => event.preventDefault());

const start = parse((await readFrame()) ?? "null") as { code: string; timeoutMs: number } | null;
if (start) {
  isolate();
  let scorer: Scorer | null = null;
  try {
    const loaded = (await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(start.code)}`)) as {
      default?: unknown;
    };
    const exported = loaded.default as { score?: unknown } | undefined;
    if (typeof exported === "object" && exported !== null && typeof exported.score === "function") {
      const run = exported.score;
      scorer = { score: (trace) => run(trace) };
      writeFrame(stringify({ ready: true }));
    } else
      writeFrame(
        stringify({
          ready: false,
          message: "the cell exports no scorer",
          hint: "End it with: export default scorer({ score: (trace) => … })"
        })
      );
  } catch (error) {
    writeFrame(
      stringify({ ready: false, message: sentence(error).replace("the scorer threw: ", "the scorer does not load: ") })
    );
  }
  while (scorer) {
    const frame = await readFrame();
    if (frame === null) break;
    const verdicts: unknown[] = [];
    for (const document of parse(frame) as never[]) {
      const began = now();
      const score = await scoreOne(scorer, document, start.timeoutMs);
      verdicts.push({ score, durationMs: now() - began });
    }
    writeFrame(stringify(verdicts));
  }
}
