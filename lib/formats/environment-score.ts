import type { ScoreRecord } from "../model/score.ts";
import type { Json, Span } from "../model/span.ts";
import type { ImportContext } from "./imported.ts";

/**
 * The verdict of the environment a run was in, as a score beside those of scorers.
 *
 * @param reward  the environment's number; outside 0..1 it is cut to the nearest end
 * @param spans   the run's spans, the root first
 */
export function buildEnvironmentScore(
  reward: number | null,
  scorer: string,
  spans: readonly Span[],
  context: ImportContext,
  detail: Json
): ScoreRecord[] {
  const root = spans[0];
  if (reward === null || !root) return [];
  const value = Math.min(1, Math.max(0, reward));
  return [
    {
      traceId: root.traceId,
      spanId: null,
      businessUnit: root.businessUnit,
      day: new Date(Number(root.startNs / 1_000_000n)).toISOString().slice(0, 10),
      scorer,
      scorerVersion: "1",
      source: "environment",
      score: { kind: "scored", value, pass: value === 1, label: null, reason: null, evidence: [] },
      durationMs: null,
      costUsd: null,
      runId: null,
      samplingProbability: 1,
      scoredAtMs: context.nowMs,
      detail
    }
  ];
}
