import { statfs } from "node:fs/promises";
import { Fault } from "#lib/model/fault.ts";
import type { Placement } from "#lib/model/placement.ts";
import type { Scope } from "#lib/model/scope.ts";
import { isBusinessUnit, requireUnit } from "#lib/model/scope.ts";
import type { ScoreRecord } from "#lib/model/score.ts";
import type { Span } from "#lib/model/span.ts";
import { findScoreDefect, findSpanDefect } from "#lib/model/storable.ts";
import type { LakeFile } from "#lib/ports/catalog.ts";
import type { AppendSummary } from "#lib/ports/lake.ts";
import { readTable } from "#lib/sql/view-sql.ts";
import { type AttemptDoors, changeLake } from "./attempt.ts";
import { BatchWriter, scoreDigest } from "./batch.ts";
import { mergeSpans } from "./identity.ts";
import type { SeenTraces } from "./seen-traces.ts";
import type { LakeWriter } from "./writer.ts";

/** What comes into the lake together. */
export interface Batch {
  readonly spans: readonly Span[];
  readonly scores: readonly ScoreRecord[];
  readonly placements?: readonly Placement[];
}

/** What an append needs. */
export interface AppendDoors extends AttemptDoors {
  readonly writer: LakeWriter;
  readonly seen: SeenTraces;
  readonly nowMs: number;
}

/** Adds what of a batch is new. @throws Fault `conflict` when the lake moved on meanwhile; nothing was changed */
export async function appendBatch(doors: AppendDoors, batch: Batch): Promise<AppendSummary> {
  const { catalog, writer, seen, nowMs } = doors;
  const snapshotId = await catalog.currentSnapshot();
  const files = await catalog.listFiles({ snapshotId, businessUnits: unitsOf(batch) });
  const scores = await chooseNewScores(writer, files, batch.scores);
  const placements = batch.placements ?? [];
  let [added, replaced] = [0, 0];
  let written: readonly string[] = [];
  const made = await changeLake(doors, async (attempt) => {
    const merged = await mergeSpans(writer, seen, files, batch.spans, attempt);
    [added, replaced] = [merged.added, merged.replaced];
    if (merged.traces.length + merged.continued.length + scores.length + placements.length === 0) return null;
    const output = new BatchWriter(snapshotId * 2 ** 24, nowMs);
    for (const spans of merged.traces) output.addTrace(spans, "first_parts");
    for (const spans of merged.continued) output.addTrace(spans, "trace_parts");
    for (const score of scores) output.addScore(score);
    for (const placement of placements) output.addPlacement(placement);
    const add = [...merged.rewritten, ...(await output.write(attempt))];
    written = add.map(({ path }) => path);
    return { add, remove: merged.removed, expectedSnapshot: snapshotId };
  });
  if (made !== null) await seen.add([...new Set(batch.spans.map(({ traceId }) => traceId))], written);
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

const unitsOf = ({ spans, scores, placements = [] }: Batch): string[] => [
  ...new Set([...spans, ...scores, ...placements].map(({ businessUnit }) => businessUnit))
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
