import { Fault } from "../model/fault.ts";
import type { Scope } from "../model/scope.ts";
import type { ScoreRecord } from "../model/score.ts";
import type { Span } from "../model/span.ts";
import type { Lake } from "../ports/lake.ts";
import { generateSample, type SampleOptions } from "../sample/generate.ts";
import type { Pattern } from "../sample/script.ts";

/** How far the writing is. */
export interface SampleProgress {
  readonly traces: number;
  readonly total: number;
}

/** What was written, and the answer key for those who measure whether the planted failures are found. */
export interface SampleSummary {
  readonly traces: number;
  readonly spans: number;
  readonly scores: number;
  /** Planted patterns by trace id; traces without one are absent. Belongs beside the lake, never in it. */
  readonly key: Readonly<Record<string, readonly Pattern[]>>;
}

const tracesPerBatch = 500;

/**
 * Writes the seeded sample into the lake, batch by batch, and flushes. The same options again change nothing.
 *
 * @throws Fault `limit` "stopped" when aborted; batches written before stay
 */
export async function writeSample(
  doors: { readonly lake: Lake },
  scope: Scope,
  options: SampleOptions,
  onProgress: (progress: SampleProgress) => void,
  signal: AbortSignal
): Promise<SampleSummary> {
  const total = options.traces ?? 4000;
  const key: Record<string, readonly Pattern[]> = {};
  let [traces, spanCount, scoreCount] = [0, 0, 0];
  let [spans, scores]: [Span[], ScoreRecord[]] = [[], []];
  const append = async () => {
    if (signal.aborted) throw new Fault("limit", `stopped after ${traces} of ${total} sample traces`);
    if (spans.length > 0) await doors.lake.append(scope, { spans, scores });
    [spans, scores] = [[], []];
    onProgress({ traces, total });
  };
  for (const trace of generateSample(options)) {
    spans.push(...trace.spans);
    scores.push(...trace.scores);
    if (trace.patterns.length > 0) key[trace.spans[0]!.traceId] = trace.patterns;
    traces++;
    spanCount += trace.spans.length;
    scoreCount += trace.scores.length;
    if (traces % tracesPerBatch === 0) await append();
  }
  await append();
  await doors.lake.flush();
  return { traces, spans: spanCount, scores: scoreCount, key };
}
