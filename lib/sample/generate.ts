import type { ScoreRecord } from "../model/score.ts";
import type { Span } from "../model/span.ts";
import { writeCompliance } from "./compliance.ts";
import { Dice } from "./dice.ts";
import { writeLegal } from "./legal.ts";
import { addNoise } from "./noise.ts";
import type { Pattern } from "./script.ts";
import { buildScriptTrace } from "./script-trace.ts";
import { writeSupport } from "./support.ts";
import { writeWealth } from "./wealth.ts";

/** What the sample shall be. */
export interface SampleOptions {
  /** The sample's last day is the last UTC day that is over at this instant, ms since 1970: nothing lies ahead of it. */
  readonly endMs: number;
  /** 4000 when absent. */
  readonly traces?: number;
  /** 1 when absent. The same seed and day write the same bytes. */
  readonly seed?: number;
  /** False writes traffic of the same kind with no failure planted in it, to count false alarms on; true when absent. */
  readonly plants?: boolean;
}

/** One trace of the sample; `patterns` is the answer key's entry and stands nowhere in the spans. */
export interface SampleTrace {
  readonly spans: readonly Span[];
  readonly scores: readonly ScoreRecord[];
  readonly patterns: readonly Pattern[];
}

/** Days the sample covers. */
export const sampleDays = 30;

const units = [
  { name: "support", share: 40, write: writeSupport },
  { name: "legal", share: 20, write: writeLegal },
  { name: "wealth", share: 20, write: writeWealth },
  { name: "compliance", share: 20, write: writeCompliance }
] as const;

/** How busy each hour of the day is. */
const hours = [2, 1, 1, 1, 1, 2, 4, 8, 14, 18, 19, 17, 13, 15, 18, 18, 16, 13, 10, 9, 8, 6, 4, 3];
const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** The last hour ends early, so that a conversation begun in it is over by midnight. */
const lastHourMs = 2_400_000;

/** Traces of four business units over 30 days, in the order they begin, with failures planted to be found. */
export function* generateSample(options: SampleOptions): Generator<SampleTrace> {
  const dice = new Dice(options.seed ?? 1, options.plants);
  const endDay = Math.floor(options.endMs / dayMs) - 1;
  const count = options.traces ?? 4000;
  const weights = Array.from({ length: sampleDays }, (_, index) => {
    const weekday = new Date((endDay - sampleDays + 1 + index) * dayMs).getUTCDay();
    return weekday === 0 || weekday === 6 ? 0.4 : 1;
  });
  const starts = Array.from({ length: count }, () => {
    const day = dice.weighted(weights) + 1;
    const hour = dice.weighted(hours);
    const within = dice.whole(0, (hour === 23 ? lastHourMs : hourMs) - 1);
    return { day, ms: (endDay - sampleDays + day) * dayMs + hour * hourMs + within };
  }).sort((a, b) => a.ms - b.ms);
  const lastSession = new Map<string, { readonly sessionId: string; readonly userId: string }>();
  for (const { day, ms } of starts) {
    const unit = units[dice.weighted(units.map(({ share }) => share))]!;
    const script = addNoise(dice, unit.write({ dice, day, dayMs: Math.floor(ms / dayMs) * dayMs }));
    const earlier = lastSession.get(unit.name);
    const session =
      earlier && dice.chance(0.22) ? earlier : { sessionId: `s-${dice.hex(12)}`, userId: `u-${dice.hex(8)}` };
    lastSession.set(unit.name, session);
    yield {
      ...buildScriptTrace(dice, script, { businessUnit: unit.name, startMs: ms, ...session }),
      patterns: script.patterns
    };
  }
}
