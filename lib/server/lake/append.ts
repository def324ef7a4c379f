import { statfs } from "node:fs/promises";
import type { Embedding } from "#lib/model/embedding.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Placement } from "#lib/model/placement.ts";
import type { Scope } from "#lib/model/scope.ts";
import { isBusinessUnit, requireUnit } from "#lib/model/scope.ts";
import type { ScoreRecord } from "#lib/model/score.ts";
import type { Span } from "#lib/model/span.ts";
import { findScoreDefect, findSpanDefect } from "#lib/model/storable.ts";
import type { LakeFile, NewLakeFile } from "#lib/ports/catalog.ts";
import type { AppendSummary } from "#lib/ports/lake.ts";
import { readTable } from "#lib/sql/view-sql.ts";
import { type AttemptDoors, changeLake } from "./attempt.ts";
import { BatchWriter, scoreDigest } from "./batch.ts";
import { commitBeside } from "./commit-beside.ts";
import { mergeSpans } from "./identity.ts";
import type { OpenTraces } from "./open-traces.ts";
import type { SeenTraces } from "./seen-traces.ts";
import type { LakeWriter } from "./writer.ts";

/** What comes into the lake together. */
export interface Batch {
  readonly spans: readonly Span[];
  readonly scores: readonly ScoreRecord[];
  readonly placements?: readonly Placement[];
  readonly embeddings?: readonly Embedding[];
}

/** What an append needs. */
export interface AppendDoors extends AttemptDoors {
  readonly writer: LakeWriter;
  readonly seen: SeenTraces;
  readonly open: OpenTraces;
  readonly nowMs: number;
}

/** Adds what of a batch is new. @throws Fault `conflict` when the lake moved on meanwhile; nothing was changed */
export async function appendBatch(doors: AppendDoors, batch: Batch): Promise<AppendSummary> {
  const { catalog, writer, seen, open, nowMs } = doors;
  const snapshotId = await catalog.currentSnapshot();
  const units = unitsOf(batch);
  const files = await catalog.listFiles({ snapshotId, businessUnits: units });
  await open.check(catalog, snapshotId, units);
  const scores = await chooseNewScores(writer, files, batch.scores);
  const { placements = [], embeddings = [] } = batch;
  let [added, replaced] = [0, 0];
  let written: readonly NewLakeFile[] = [];
  const kept: (() => void)[] = [];
  const traceIds = [...new Set(batch.spans.map(({ traceId }) => traceId))];
  // Verdicts that two give at once would both stand.
  const beside = scores.length > 0 ? catalog : commitBeside(catalog, writer, units, traceIds);
  const made = await changeLake({ ...doors, catalog: beside }, async (attempt) => {
    const merged = await mergeSpans(writer, seen, open, files, batch.spans, attempt);
    [added, replaced] = [merged.added, merged.replaced];
    const { traces, continued, completed } = merged;
    const changed = traces.length + continued.length + completed.length;
    if (changed + scores.length + placements.length + embeddings.length === 0) return null;
    const output = new BatchWriter(snapshotId * 2 ** 24, nowMs);
    for (const spans of traces) {
      const lines = output.addTrace(spans, "first_parts");
      kept.push(() => open.keep(lines, undefined, true));
    }
    for (const spans of continued) {
      const lines = output.addTrace(spans, "trace_parts");
      const before = open.find(spans[0]!.businessUnit, spans[0]!.traceId);
      if (before) kept.push(() => open.keep(lines, before, false));
    }
    for (const { news, all } of completed) {
      const lines = output.addSpans(news);
      output.addPart(all, "trace_parts", true);
      const before = open.find(news[0]!.businessUnit, news[0]!.traceId);
      kept.push(() => open.keep(lines, before, true));
    }
    for (const score of scores) output.addScore(score);
    for (const placement of placements) output.addPlacement(placement);
    for (const embedding of embeddings) output.addEmbedding(embedding);
    written = [...merged.rewritten, ...(await output.write(attempt))];
    return { add: written, remove: merged.removed, expectedSnapshot: snapshotId };
  });
  if (made !== null) {
    for (const unit of units) {
      const own = written.filter(({ businessUnit }) => businessUnit === unit).map(({ path }) => path);
      open.committed(unit, own);
    }
    for (const keep of kept) keep();
    await seen.add(
      traceIds,
      written.map(({ path }) => path)
    );
  }
  return {
    spansAdded: added,
    spansReplaced: replaced,
    spansUnchanged: batch.spans.length - added - replaced,
    scoresAdded: scores.length,
    scoresUnchanged: batch.scores.length - scores.length,
    snapshotId: made ?? snapshotId
  };
}

async function chooseNewScores(
  writer: LakeWriter,
  files: readonly LakeFile[],
  records: readonly ScoreRecord[]
): Promise<readonly ScoreRecord[]> {
  if (records.length === 0) return [];
  const byId = new Map(records.map((record) => [scoreDigest(record), record]));
  const rows = await writer.rows(
    `select score_id from (${readTable("scores", writer.paths(files, "scores"))}) semi join wanted on score_id = wanted.id`,
    [...byId.keys()]
  );
  for (const row of rows) byId.delete(String(row.score_id));
  return [...byId.values()];
}

/** @throws Fault `limit` when less than `leastFreeBytes` of the disk is free */
export async function requireDisk(folder: string, leastFreeBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= leastFreeBytes) return;
  throw new Fault(
    "limit",
    `the disk of the lake has only ${Math.round((bavail * bsize) / 2 ** 20)} MiB left, so nothing is taken in`,
    {
      hint: "Free some space; what was taken in before is safe and can be read."
    }
  );
}

const unitsOf = ({ spans, scores, placements = [], embeddings = [] }: Batch): string[] => [
  ...new Set([...spans, ...scores, ...placements, ...embeddings].map(({ businessUnit }) => businessUnit))
];

/**
 * @throws Fault `denied` for a unit outside the scope, unless the scope holds `admin`
 * @throws Fault `invalid` for what could not be read back
 */
export function checkBatch(scope: Scope, batch: Batch): void {
  for (const unit of unitsOf(batch)) {
    if (!isBusinessUnit(unit)) {
      throw new Fault("invalid", `"${unit.slice(0, 80)}" cannot be a business unit`, {
        hint: "Use 1 to 63 lower-case letters, digits and dashes."
      });
    }
    requireUnit(scope, unit);
  }
  for (const span of batch.spans) requireNone(findSpanDefect(span));
  for (const score of batch.scores) requireNone(findScoreDefect(score));
}

function requireNone(defect: string | undefined): void {
  if (defect !== undefined) throw new Fault("invalid", defect, { hint: "Correct it at its source and send it again." });
}
