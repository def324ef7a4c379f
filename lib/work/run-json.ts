import type { Run } from "#lib/model/run.ts";
import { plainStatement, type RunStatement } from "./run-statement.ts";

/** A run as JSON for machines: the whole record, instants also as ISO 8601 texts, and whose rights it had. */
export function formatRunJson(run: Run, { ranAs, published }: RunStatement = plainStatement(run)): string {
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  const times = { startedAt: iso(run.startedAtMs), endedAt: iso(run.endedAtMs), occurrence: iso(run.occurrenceMs) };
  const rights = { ranAs, published: published && { by: published.by, at: iso(published.atMs) } };
  return `${JSON.stringify({ ...run, ...times, ...rights }, null, 2)}\n`;
}
