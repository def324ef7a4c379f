import type { Json } from "#lib/model/span.ts";
import { systemClock } from "#lib/server/clock.ts";
import { localFiles } from "#lib/server/source-files.ts";
import { importTraces } from "#lib/work/import-traces.ts";
import { writeSample } from "#lib/work/write-sample.ts";
import { openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { sharedData } from "../shared-data.ts";

/** A trace with what others said of it. */
export interface Labelled {
  readonly traceId: string;
  /** JSON of its document. */
  readonly text: string;
  /** The reference's calls; null where there are none. */
  readonly expected: Json;
  /** Traces that are alike are drawn together. */
  readonly cluster: string;
  /** Null where nobody judged the whole. */
  readonly truth: boolean | null;
  readonly spanIds: readonly string[];
  /** Spans where people saw the failure. */
  readonly failedSpans: ReadonlySet<string>;
}

const never = new AbortController().signal;
const scope = scopeOf(["bench"]);

/** The traces of a set, imported as a person would, with the reward of the environment and the labels of people. */
export async function readLabelled(
  set: string,
  paths: readonly string[],
  expected: string
): Promise<readonly Labelled[]> {
  const source = sharedData(set);
  if (source === undefined) return [];
  const fixture = await openLakeFixture();
  try {
    const doors = {
      lake: fixture.lake,
      annotations: fixture.state.annotations,
      sources: localFiles,
      clock: systemClock
    };
    for (const path of paths) {
      const request = { path: `${source}${path}`, businessUnit: "bench", format: null, environment: null };
      await importTraces(doors, scope, request, () => undefined, never);
    }
    await fixture.lake.flush();
    const kernel = await fixture.lake.openKernel(scope);
    try {
      const found = await kernel.rows(
        `select d.trace_id, d.document, to_json(${expected})::varchar as expected,
          (select any_value(value) from scores s where s.trace_id = d.trace_id and s.scorer = 'reward') as reward,
          (select any_value(json_extract_string(attributes, '$."tau.task_id"')) from spans p
            where p.trace_id = d.trace_id and parent_span_id is null) as task,
          to_json(json_extract_string(d.document, '$.spans[*].id'))::varchar as span_ids,
          (select to_json(list(span_id))::varchar from annotations a
            where a.trace_id = d.trace_id and span_id is not null) as failed
        from trace_documents d order by d.trace_id`,
        {},
        10_000
      );
      return found.map((row) => readRow(row));
    } finally {
      await kernel.close();
    }
  } finally {
    await fixture.close();
  }
}

function readRow(row: Readonly<Record<string, unknown>>): Labelled {
  const traceId = String(row["trace_id"]);
  const expected = readActions(row["expected"]);
  const reward = row["reward"];
  return {
    traceId,
    text: String(row["document"]),
    expected,
    cluster: typeof row["task"] === "string" ? row["task"] : traceId,
    truth: reward === null || reward === undefined ? null : Number(reward) === 1,
    spanIds: JSON.parse(String(row["span_ids"])) as readonly string[],
    failedSpans: new Set(JSON.parse(String(row["failed"] ?? "[]")) as readonly string[])
  };
}

/** Calls of the agent in the reference; those of a simulated user are not the agent's to make. */
function readActions(value: unknown): Json {
  const read = typeof value === "string" ? (JSON.parse(value) as Json) : null;
  const list = typeof read === "string" ? (JSON.parse(read) as Json) : read;
  if (!Array.isArray(list)) return null;
  return (list as readonly Json[])
    .map((item) => (typeof item === "string" ? (JSON.parse(item) as Json) : item))
    .filter((item) => (item as { readonly requestor?: string } | null)?.requestor !== "user");
}

/** Traces of the sample with what was planted in each; with nothing planted where so asked. */
export async function readSample(
  plants: boolean
): Promise<readonly (Labelled & { readonly patterns: readonly string[] })[]> {
  const fixture = await openLakeFixture();
  try {
    const units = scopeOf(["compliance", "legal", "support", "wealth"]);
    const options = { endMs: Date.UTC(2026, 10, 1), traces: 2000, seed: 7, plants };
    const { key } = await writeSample(fixture, units, options, () => undefined, never);
    const kernel = await fixture.lake.openKernel(units);
    try {
      const rows = await kernel.rows("select trace_id, document from trace_documents order by trace_id", {}, 2000);
      return rows.map((row) => {
        const traceId = String(row["trace_id"]);
        return {
          ...{ traceId, text: String(row["document"]), expected: null, cluster: traceId, truth: null },
          ...{ spanIds: [], failedSpans: new Set<string>(), patterns: key[traceId] ?? [] }
        };
      });
    } finally {
      await kernel.close();
    }
  } finally {
    await fixture.close();
  }
}
