import type { Annotations } from "#lib/ports/annotations.ts";
import { findInTrace } from "#lib/work/find-in-trace.ts";
import { TraceBrowser } from "#lib/work/trace-browser.ts";
import { hexId, makeSpan } from "../spans.ts";
import { type BenchLake, benchUnits, openBenchLake, quantile } from "./lake.ts";
import type { Bench, BenchRow } from "./row.ts";

const lakeSpans = Number(process.env.BENCH_SPANS ?? 1_000_000);
const traceSpans = 25_000;
const rounds = 20;
const scope = { userId: "bench", roles: ["admin"] as const, businessUnits: [...benchUnits] };
const traceId = hexId("long", 32);
const noAnnotations = { list: async () => [] } as unknown as Annotations;
const noPeople = { namesOf: async () => new Map<string, string>() };

/** Turns of a model call, a tool call and a retrieval with texts of half a kilobyte. */
function makeSpans() {
  const ms = 1_000_000n;
  const startNs = BigInt(Date.UTC(2026, 0, 15, 9)) * ms;
  const line = "The reservation can be changed once the traveller has confirmed the new dates and the fare. ";
  const say = (role: string, content: string) => [{ role, parts: [{ type: "text", content }] }];
  return Array.from({ length: traceSpans }, (_, at) => {
    const text = `${at} ${line.repeat(6)}`;
    const step = at % 3;
    const own = {
      traceId: "long",
      spanId: `s${at}`,
      businessUnit: "unit-1",
      startNs: startNs + BigInt(at) * 100n * ms
    };
    const parent = at === 0 ? {} : { parentSpanId: step === 1 ? "s0" : `s${at - (step === 2 ? 1 : 2)}` };
    if (at === 0) return makeSpan({ ...own, kind: "agent" });
    if (step === 1) {
      const said = { input: say("user", text), output: say("assistant", text), inputText: text, outputText: text };
      return makeSpan({ ...own, ...parent, ...said, kind: "llm", model: "m", inputTokens: 100, costUsd: 0.001 });
    }
    if (step === 2) {
      return makeSpan({ ...own, ...parent, kind: "tool", toolName: "look_up", toolArgs: { at }, toolResult: { text } });
    }
    const retrievedDocs = [{ id: "a", content: text, score: 0.5, metadata: null }];
    return makeSpan({ ...own, ...parent, kind: "retriever", inputText: text, retrievedDocs });
  });
}

async function time<T>(times: number[], work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const value = await work();
  times.push(performance.now() - start);
  return value;
}

/** @returns the longest time that the event loop was held during the work, in ms */
async function watchLoop(work: () => Promise<void>): Promise<number> {
  let last = performance.now();
  let longest = 0;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(look, 1);
  try {
    await work();
  } finally {
    clearInterval(timer);
    look();
  }
  return longest;
}

async function measure(bench: BenchLake): Promise<readonly BenchRow[]> {
  const times = { cold: [], first: [], again: [], tree: [], find: [] } as Record<string, number[]>;
  let longestMs = 0;
  for (let round = 0; round < rounds; round += 1) {
    // A browser of its own has a kernel of its own: nothing of the trace is remembered.
    const browser = new TraceBrowser({ lake: bench.lake, annotations: noAnnotations, people: noPeople });
    await time(times["cold"]!, async () => JSON.stringify(await browser.open(scope, traceId)));
    // Opening and closing a kernel hold the loop, too, but not because of the trace.
    const heldMs = await watchLoop(async () => {
      await time(times["again"]!, async () => JSON.stringify(await browser.open(scope, traceId)));
      await time(times["tree"]!, () => browser.tree(scope, traceId));
      await browser.use(scope, (kernel) =>
        time(times["find"]!, () => findInTrace(kernel, traceId, `${round}7 the reservation`))
      );
    });
    longestMs = Math.max(longestMs, heldMs);
    await browser.close();
  }
  // As a page meets it: the list has warmed the kernel, the trace itself was never asked for.
  for (let round = 0; round < rounds; round += 1) {
    const browser = new TraceBrowser({ lake: bench.lake, annotations: noAnnotations, people: noPeople });
    await browser.use(scope, (kernel) => kernel.rows("select count(*) as n from traces", {}, 1));
    await time(times["first"]!, async () => JSON.stringify(await browser.open(scope, traceId)));
    await browser.close();
  }
  const row = (name: string, key: string, share: number, target: number): BenchRow => {
    const value = quantile(times[key]!, share);
    return {
      name: `${name}, p${share * 100}`,
      value,
      unit: "ms",
      against: `${target} ms`,
      rival: null,
      ratio: value / target,
      target: `<= ${target} ms`,
      met: value <= target
    };
  };
  const size = `a trace of ${traceSpans.toLocaleString("en-US")} spans among ${(lakeSpans / 1e6).toLocaleString("en-US")} M`;
  return [
    row(`open ${size}, kernel closed`, "cold", 0.5, 500),
    row(`open ${size}, kernel closed`, "cold", 0.95, 500),
    row(`open ${size}, kernel warm`, "first", 0.5, 100),
    row(`open ${size}, kernel warm`, "first", 0.95, 100),
    row(`open ${size}, again`, "again", 0.95, 100),
    row(`the whole tree of ${size}`, "tree", 0.95, 300),
    row(`find words in ${size}`, "find", 0.95, 300),
    {
      name: "longest time the event loop was held by opening and finding",
      value: longestMs,
      unit: "ms",
      against: "50 ms",
      rival: null,
      ratio: longestMs / 50,
      target: "<= 50 ms",
      met: longestMs <= 50
    }
  ];
}

async function run(): Promise<readonly BenchRow[]> {
  const bench = await openBenchLake(lakeSpans);
  try {
    await bench.lake.append(scope, { spans: makeSpans(), scores: [] });
    await bench.lake.flush();
    return await measure(bench);
  } finally {
    await bench.close();
  }
}

/** Opening one long trace in a large lake. */
export const benches: readonly Bench[] = [{ name: "open", subject: "ingest", run }];
