import type { JudgedTrace, MeasuredScorer } from "#lib/model/calibration.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { TestLook } from "#lib/model/test-look.ts";
import type { TestLooks } from "#lib/ports/test-looks.ts";
import type { CalibrationSettings } from "#lib/workbook/calibration-settings.ts";
import { sayAgreement } from "./calibration-words.ts";

/** A version of a scorer. */
export interface ScorerVersion {
  readonly scorer: string;
  readonly version: string;
}

/** What a calibration cell says of its test set, and the version that its verdicts are of now. */
export interface TestQuestion extends Pick<CalibrationSettings, "version"> {
  readonly test: string;
  /** Undefined where there are no verdicts. */
  readonly current: ScorerVersion | undefined;
}

/**
 * Measures a scorer on a test set once for each version, when its cell names that version, and says in the warnings
 * what the number is worth. The first result of a version is what every later run shows. A version that comes after
 * others is measured on traces that none of them saw, where there are as many as the first saw; else on all, which is
 * optimistic and said.
 *
 * @param traces   those that people judged
 * @param measure  is only asked for traces that may be looked at
 * @throws Fault `invalid` for a version that the scorer neither has nor was looked at with
 */
export async function lookAtTest(
  { looks, scope, cell }: { readonly looks: TestLooks; readonly scope: Scope; readonly cell: string },
  { test, version, current }: TestQuestion,
  traces: readonly JudgedTrace[],
  measure: (chosen: readonly JudgedTrace[]) => Promise<MeasuredScorer>
): Promise<MeasuredScorer> {
  const earlier = await looks.list(scope, test);
  const hint = current
    ? `write version: ${JSON.stringify(current.version)} in this cell, and it is measured, once`
    : "score the traces of the test set first";
  if (version === null) {
    return warned(await measure([]), [
      `The test set was not looked at by this cell. When the scorer is done, ${hint}.`,
      ...earlier.slice(0, 1).map((first) => `It was looked at before, ${sayLook(first)}.`)
    ]);
  }
  const held = earlier.find((look) => look.scorerVersion === version);
  if (held) return describe(earlier, held, current, traces);
  if (current?.version !== version) {
    throw new Fault("invalid", `the scorer has no version "${version}", and never was looked at with it`, {
      hint: `To look at the test set, ${hint}.`
    });
  }
  const judged = traces.filter(({ pass }) => pass !== null);
  const chosen = chooseFresh(earlier, judged) ?? judged;
  if (chosen.length === 0) {
    return warned(await measure([]), [`There is nothing to look at in "${cell}" yet: label traces of the test set.`]);
  }
  const kept = await looks.keep(scope, {
    ...{ test, scorer: current.scorer, scorerVersion: version },
    traceIds: chosen.map(({ traceId }) => traceId),
    measured: await measure(chosen)
  });
  return describe(await looks.list(scope, test), kept, current, traces);
}

/** Traces that no version saw, where they are as many as the first saw and both of what people pass and fail. */
function chooseFresh(earlier: readonly TestLook[], traces: readonly JudgedTrace[]): readonly JudgedTrace[] | undefined {
  const fresh = unseen(earlier, traces);
  const least = earlier[0]?.traceIds.length ?? 0;
  const hasBoth = new Set(fresh.map(({ truth }) => truth)).size === 2;
  return fresh.length >= least && hasBoth ? fresh : undefined;
}

function unseen(looks: readonly TestLook[], traces: readonly JudgedTrace[]): readonly JudgedTrace[] {
  const seen = new Set(looks.flatMap(({ traceIds }) => traceIds));
  return traces.filter(({ traceId }) => !seen.has(traceId));
}

/** A look as it was kept, with what is to be known of it now. */
function describe(
  looks: readonly TestLook[],
  look: TestLook,
  current: ScorerVersion | undefined,
  traces: readonly JudgedTrace[]
): MeasuredScorer {
  const before = looks.slice(
    0,
    looks.findIndex(({ lookId }) => lookId === look.lookId)
  );
  const seenBefore = new Set(before.flatMap(({ traceIds }) => traceIds));
  const first = look.traceIds.some((id) => seenBefore.has(id)) ? before[0] : undefined;
  const own = new Set(look.traceIds);
  const since = traces.filter(({ traceId }) => !own.has(traceId)).length;
  const missing = first ? Math.max(1, first.traceIds.length - unseen(looks, traces).length) : 0;
  const by = `by ${look.userId} on ${dayOf(look)}`;
  return warned(look.measured, [
    first
      ? `The test set was already looked at ${sayLook(first)}. This number, of version ${look.scorerVersion} ${by}, is optimistic: ${sayAgreement(look.measured)}. Label ${missing.toLocaleString("en-US")} more traces of the test set for a fresh test.`
      : `Looked at with version ${look.scorerVersion} ${by}${before.length > 0 ? ", on traces that no version saw before" : ", for the first time"}. This result stays as it was then.`,
    ...(current && current.version !== look.scorerVersion
      ? [`The scorer has changed since: it is version ${current.version} now, and this result is not of that one.`]
      : []),
    ...(since > 0 && !first
      ? [`${since.toLocaleString("en-US")} traces of the test set are labelled that are not in this result.`]
      : [])
  ]);
}

function warned(measured: MeasuredScorer, sentences: readonly string[]): MeasuredScorer {
  const { calibration } = measured;
  const own = calibration.n === 0 ? [] : calibration.warnings;
  return { ...measured, calibration: { ...calibration, warnings: [...sentences, ...own] } };
}

const dayOf = ({ atMs }: TestLook) => new Date(atMs).toISOString().slice(0, 10);

/** `with version 3f2a of drafted by ada on 2026-11-20: agreement 80 % [60, 92] n = 20, kappa 0.61 [0.2, 0.9]` */
function sayLook(look: TestLook): string {
  const { scorer, scorerVersion, userId, measured } = look;
  return `with version ${scorerVersion} of ${scorer} by ${userId} on ${dayOf(look)}: ${sayAgreement(measured)}`;
}
