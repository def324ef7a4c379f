import type { Run } from "#lib/model/run.ts";

/** A run as JSON for machines: the whole record, instants also as ISO 8601 texts. */
export function formatRunJson(run: Run): string {
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  const times = { startedAt: iso(run.startedAtMs), endedAt: iso(run.endedAtMs), occurrence: iso(run.occurrenceMs) };
  return `${JSON.stringify({ ...run, ...times }, null, 2)}\n`;
}
