import { noBoilerplate } from "#lib/map/boilerplate.ts";
import { prepareFor } from "#lib/map/keep-map.ts";
import { findTextNeighbours } from "#lib/map/text-neighbours.ts";
import { Fault } from "#lib/model/fault.ts";
import type { RunEvent } from "#lib/model/run.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Score } from "#lib/model/score.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Compiler } from "#lib/ports/compiler.ts";
import type { Embedder } from "#lib/ports/embedder.ts";
import type { MapBuilder } from "#lib/ports/map-builder.ts";
import type { Model } from "#lib/ports/model.ts";
import type { Sandbox } from "#lib/ports/sandbox.ts";
import { openSqlParser } from "#lib/server/lake/parser.ts";
import { Desk } from "#lib/work/desk.ts";
import type { DeskLimits, RunOptions } from "#lib/work/desk-doors.ts";
import { openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { makeSpan } from "../spans.ts";

/** A scorer double: the module's code is a JSON list of words; a trace passes that holds none of them. */
export const compiler: Compiler = {
  async compile(source) {
    if (source.includes("@@"))
      throw new Fault("invalid", "that is no TypeScript", { position: { line: 1, column: 1 } });
    return { version: String(source.length).padStart(12, "0"), code: source };
  },
  diagnose: async (source) =>
    source.includes("untyped") ? [{ message: "untyped", position: { line: 1, column: 3 } }] : [],
  close: async () => undefined
};

/** How many traces the sandbox double was ahead of its reader at most. */
export const pressure = { ahead: 0, most: 0 };

function judge(code: string, document: string): Score {
  if (code.includes("throws") && document.includes("trace 3")) {
    return { kind: "unscored", status: "error", reason: "TypeError: no output" };
  }
  const pass = !document.includes(code.trim());
  return { kind: "scored", value: pass ? 1 : 0, pass, label: null, reason: pass ? null : `says ${code}`, evidence: [] };
}

export const sandbox: Sandbox = {
  walls: ["none"],
  async open({ code }) {
    return {
      target: { kind: "trace" },
      questions: [],
      async *score(traces, signal) {
        for await (const frame of traces) {
          if (signal.aborted) throw new Fault("limit", "stopped");
          pressure.most = Math.max(pressure.most, ++pressure.ahead);
          yield frame.map(({ text }) => ({ score: judge(code, text), durationMs: 1 }));
          pressure.ahead--;
        }
      },
      close: async () => undefined
    };
  },
  async renderChart(code, tables) {
    if (code.includes("broken")) throw new Fault("invalid", "ReferenceError: broken is not defined");
    return `<svg onload="alert(1)"><script>alert(2)</script><text>${Object.keys(tables).join()}</text></svg>`;
  },
  close: async () => undefined
};

/** A map double: points on a grid by their order, two clusters. */
export const maps: Pick<MapBuilder, "build" | "prepare" | "neighbours" | "close"> = {
  prepare: async ({ projection, texts }) => prepareFor(projection, texts),
  neighbours: async (request) => findTextNeighbours(request),
  async build({ texts, traceIds, seed }, onProgress) {
    onProgress({ step: "layout", done: 1, total: 1 });
    const at = Float32Array.from(texts, (_, index) => index);
    return {
      x: at.map((index) => index % 10),
      y: at.map((index) => Math.floor(index / 10) + seed / 1000),
      cluster: Int32Array.from(texts, (text, index) => (text === "" ? -1 : index % 2)),
      novelty: at.map((index) => index / texts.length),
      clusters: [0, 1].map((id) => ({
        id,
        label: `words <${id}>`,
        size: texts.length / 2,
        share: 0.5,
        x: id,
        y: 0,
        representatives: traceIds.slice(0, 1)
      })),
      vectors: "double",
      ground: null,
      boilerplate: noBoilerplate
    };
  },
  close: async () => undefined
};

/** A clock that moves one millisecond whenever it is asked. */
export function steppingClock(startMs: number): Clock {
  let now = startMs;
  let ids = 0;
  return {
    nowMs: () => ++now,
    newId: () => `00000000-0000-7000-8000-${String(++ids).padStart(12, "0")}`
  };
}

export const scope: Scope = scopeOf(["claims", "support"]);

export const byHand: RunOptions = { trigger: "page", revision: 3, occurrenceMs: null, record: true };

/** A desk over a real lake of 40 traces in two units, with doubles for scorers and maps. */
export async function openDesk(
  limits: Partial<DeskLimits> = {},
  real: Partial<{
    compiler: Compiler;
    sandbox: Sandbox;
    maps: Pick<MapBuilder, "build" | "prepare" | "neighbours" | "close">;
    embedder: Embedder;
    model: Model;
  }> = {}
) {
  const fixture = await openLakeFixture();
  const parser = await openSqlParser();
  const spans = Array.from({ length: 40 }, (_, index) =>
    makeSpan({
      traceId: `t${index}`,
      spanId: "root",
      kind: "agent",
      agent: index % 4 === 0 ? "billing" : "refunds",
      businessUnit: index % 2 === 0 ? "support" : "claims",
      startNs: BigInt(Date.UTC(2026, 10, 10 + (index % 10), 9, index)) * 1_000_000n,
      input: [{ role: "user", parts: [{ type: "text", content: `trace ${index} refund ${index % 5}` }] }],
      inputText: `trace ${index} refund ${index % 5}`,
      output: [{ role: "assistant", parts: [{ type: "text", content: index % 4 === 0 ? "denied" : "granted" }] }],
      outputText: index % 4 === 0 ? "denied" : "granted"
    })
  );
  await fixture.lake.append(scope, { spans, scores: [] });
  const clock = steppingClock(Date.UTC(2026, 10, 20, 12));
  const doors = {
    lake: fixture.lake,
    parser,
    compiler,
    sandbox,
    maps,
    runs: fixture.state.runs,
    annotations: fixture.state.annotations,
    workbooks: fixture.state.workbooks,
    testLooks: fixture.state.testLooks,
    clock,
    engine: "test 1",
    ...real,
    findScorer: async (name: string) => (name === "from_file" ? "granted" : undefined)
  };
  const desk = new Desk(doors, limits);
  return {
    ...fixture,
    doors,
    desk,
    async close() {
      await desk.close();
      await parser.close();
      await fixture.close();
    }
  };
}

/** All events of a run. */
export async function collect(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const all: RunEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** The last state of each cell, by key, from the events of a run. */
export function lastStates(events: readonly RunEvent[]) {
  return new Map(events.flatMap((event) => (event.kind === "cell" ? [[event.key, event.cell] as const] : [])));
}

/** Keys of the cells that ran, in the order they ended. */
export function ranKeys(events: readonly RunEvent[]): readonly string[] {
  return events.flatMap((event) => (event.kind === "cell" && event.cell.state === "done" ? [event.key] : []));
}
