import { writeFile } from "node:fs/promises";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ScoreRecord } from "#lib/model/score.ts";
import type { Span } from "#lib/model/span.ts";
import type { LakeFile } from "#lib/ports/catalog.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { TraceFilters } from "#lib/server/lake/trace-filters.ts";
import { traceKey, traceKeySql } from "#lib/server/lake/trace-key.ts";
import { LakeWriter } from "#lib/server/lake/writer.ts";
import { hexId, makeSpan } from "../../spans.ts";
import { type LakeFixture, openBeside, openLakeFixture, scopeOf } from "./fixture.ts";

const admin = scopeOf(["legal", "sales"]);
const dayMs = 86_400_000;
const startNs = (day: number) => BigInt(Date.UTC(2026, 10, 20, 9) + day * dayMs) * 1_000_000n;

let fixture: LakeFixture;
let writer: LakeWriter;

beforeEach(async () => {
  fixture = await openLakeFixture();
  writer = await LakeWriter.open(fixture.folder, `${fixture.folder}-beside`);
});

afterEach(async () => {
  writer.close();
  await fixture.close();
});

/** A span of a trace that began on a day of its own. */
const span = (trace: string, day: number, own: Partial<Span> = {}) =>
  makeSpan({
    ...{ traceId: trace, spanId: "a", businessUnit: "sales", startNs: startNs(day), endNs: startNs(day) + 5n },
    ...own
  });

const append = (...spans: ReturnType<typeof makeSpan>[]) => fixture.lake.append(admin, { spans, scores: [] });

async function listFiles(): Promise<readonly LakeFile[]> {
  const all = await fixture.state.catalog.listFiles({ snapshotId: await fixture.lake.snapshotId() });
  return all.filter(({ table }) => table === "first_parts" || table === "trace_parts");
}

const daysOf = (files: readonly LakeFile[]) => files.map(({ day }) => day);

test("a file is opened until it is known which traces it holds, and then for those alone", async () => {
  await append(span("a", 0), span("b", 1), span("c", 2, { businessUnit: "legal" }));
  const filters = new TraceFilters(await writer.beside());
  const ask = async (traceId: string) => daysOf(filters.among(await listFiles(), [traceId]));
  expect(await ask(hexId("a", 32))).toHaveLength(3);
  await filters.settled();
  // What was not sorted yet is always looked into.
  expect(await ask(hexId("a", 32))).toHaveLength(3);
  await fixture.lake.flush();
  expect(await ask(hexId("b", 32))).toHaveLength(3);
  await filters.settled();
  expect(await ask(hexId("b", 32))).toEqual(["2026-11-21"]);
  expect(await ask(`other${hexId("c", 32).slice(-16)}`)).toEqual(["2026-11-22"]);
  expect(await ask(hexId("none", 32))).toEqual([]);
  await filters.close();
});

test("no more is held than there is room for; what does not fit is opened", async () => {
  await append(span("a", 0), span("b", 1));
  await fixture.lake.flush();
  const filters = new TraceFilters(await writer.beside(), 4);
  const files = await listFiles();
  filters.among(files, [hexId("none", 32)]);
  await filters.settled();
  expect(filters.among(files, [hexId("none", 32)])).toHaveLength(1);
  // A file that nobody asks for gives way to one that is asked for.
  for (let question = 0; question < 1001; question += 1) filters.among([files[1]!], [hexId("none", 32)]);
  await filters.settled();
  filters.among([files[1]!], [hexId("none", 32)]);
  await filters.settled();
  expect(filters.among([files[1]!], [hexId("none", 32)])).toEqual([]);
  await filters.close();
});

test("a damaged file is opened by every question, which says so", async () => {
  await append(span("a", 0));
  await fixture.lake.flush();
  const [file] = await listFiles();
  await writeFile(`${fixture.folder}/${file!.path}`, "PAR1 half a file");
  const said = vi.spyOn(console, "error").mockReturnValue();
  const filters = new TraceFilters(await writer.beside());
  for (let question = 0; question < 3; question += 1) {
    expect(filters.among([file!], [hexId("none", 32)])).toHaveLength(1);
    await filters.settled();
  }
  expect(said).toHaveBeenCalledTimes(1);
  said.mockRestore();
  await filters.close();
});

test("the engine and the process make the same key of an id, whatever is in it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: "grapheme", maxLength: 40 }), { minLength: 1 }), async (ids) => {
      const rows = await writer.rows(
        `select id, ${traceKeySql} as key from (select id, id as trace_id from wanted)`,
        ids
      );
      for (const { id, key } of rows) {
        const [low, high] = traceKey(String(id));
        expect((BigInt(high) << 32n) | BigInt(low)).toBe(key);
      }
    }),
    { seed: 11, numRuns: 30 }
  );
});

const traces = ["a", "b", "c", "d"];
const piece = fc.record({
  ...{ trace: fc.constantFrom(...traces), day: fc.nat(2), step: fc.nat(2), unit: fc.constantFrom("sales", "legal") },
  ...{ name: fc.constantFrom("plan", "act"), end: fc.constantFrom("nothing", "flush", "ask", "beside") }
});

/** What a kernel says of a trace, looking everywhere or where it lies. */
async function tell(kernel: Kernel, traceId: string, isNear: boolean) {
  const near = isNear ? { traceIds: [traceId] } : undefined;
  const values = { id: traceId };
  return {
    traces: await kernel.rows(
      `select * from traces where trace_id = $id order by business_unit`,
      values,
      9,
      undefined,
      near
    ),
    scores: await kernel.rows(
      `select * from scores where trace_id = $id order by business_unit, score_id`,
      values,
      9,
      undefined,
      near
    )
  };
}

test("a trace is told alike by all files and by those near it, however it came and was sorted", async () => {
  const beside = await openBeside(fixture);
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 3, maxLength: 8 }), async (pieces) => {
      for (const { trace, day, step, unit, name, end } of pieces) {
        const own = { spanId: `s${step}`, parentSpanId: step === 0 ? null : "s0", businessUnit: unit, name };
        const score: ScoreRecord = {
          ...{ traceId: hexId(trace, 32), spanId: null, businessUnit: unit, day: `2026-11-2${day}`, scorer: name },
          ...{ scorerVersion: "1", source: "scorer", runId: null, samplingProbability: 1, costUsd: null },
          ...{ durationMs: 1, scoredAtMs: 1, detail: null },
          score: { kind: "scored", value: step / 2, pass: null, label: null, reason: null, evidence: [] }
        };
        const lake = end === "beside" ? beside : fixture.lake;
        await lake.append(admin, { spans: [span(trace, day, own)], scores: [score] });
        if (end === "flush") await fixture.lake.flush();
      }
      for (const scope of [admin, scopeOf(["legal"])]) {
        const kernel = await fixture.lake.openKernel(scope);
        for (const trace of [...traces, "none"]) {
          const id = hexId(trace, 32);
          expect(await tell(kernel, id, true)).toEqual(await tell(kernel, id, false));
        }
        await kernel.close();
      }
    }),
    { seed: 5, numRuns: 3 }
  );
  await beside.close();
});
