import { listEmerging, type PlacedTraces } from "#lib/map/emerging.ts";
import { textKey } from "#lib/map/frozen-projection.ts";
import { NOISE } from "#lib/map/hdbscan.ts";
import { Placer } from "#lib/map/place.ts";
import { buildFirstMap, refitMap } from "#lib/map/refit-map.ts";
import { cleanText } from "#lib/map/texts.ts";
import { voteAnew } from "#lib/map/vote.ts";
import { seededRandom } from "#lib/math/random.ts";
import { generateSample, sampleDays } from "#lib/sample/generate.ts";
import type { Pattern } from "#lib/sample/script.ts";
import { rankArea } from "../map/agreement.ts";
import { inputOf, judged, report } from "./map-rows.ts";
import type { BenchRow } from "./row.ts";

/** A trace of the sample lake as the watch sees it; `patterns` only judges what was found. */
interface Watched {
  readonly unit: number;
  readonly day: number;
  readonly text: string;
  readonly patterns: readonly Pattern[];
}

interface Found {
  readonly day: number;
  readonly rank: number;
  readonly unit: number;
  /** Patterns of the recent traces of the entry, each with its share. */
  readonly shares: ReadonlyMap<Pattern, number>;
}

const FIRST_DAY = 10;
const REFIT_EVERY = 3;
const RECENT_DAYS = 3;
const endMs = Date.UTC(2026, 6, 1);
const units = ["support", "legal", "wealth", "compliance"];
/** Planted so that their share of a unit's traces rises within the sample; all others are there from the first day. */
const rising: readonly Pattern[] = ["new_complaint", "wrong_refund_policy"];

/** What of a trace is mapped: all that was said in it, the agent's answers alone, or the tools it used, in order. */
type Subject = "said" | "answers" | "tools";

/**
 * Watches the sample lake as a person would, one day after the other; beside it traffic of the same kind without a
 * planted failure, and the sample with its days dealt anew, so that nothing in it rises.
 */
export function measureWatch(): readonly BenchRow[] {
  return (["said", "answers", "tools"] as const).flatMap(measureSubject);
}

function measureSubject(subject: Subject): readonly BenchRow[] {
  const traces = readSample(subject, true);
  console.log(`sample lake by ${subject}`);
  const found = watch(traces);
  console.log("without planted failures");
  const plain = watch(readSample(subject, false));
  console.log("with its days dealt anew");
  const quiet = watch(dealDays(traces, 1));
  const name = `sample lake of ${traces.length.toLocaleString("en-US")} traces by ${subject}`;
  const looks = sampleDays - FIRST_DAY + 1;
  const isPlanted = (entry: Found) => [...entry.shares.values()].some((share) => share >= 0.5);
  const others = found.list.filter((entry) => !isPlanted(entry));
  return [
    ...rising.flatMap((pattern) => foundRows(name, pattern, traces, found.list)),
    ...noveltyRows(name, traces, found.novelty),
    ...strangeRows(name, traces, found.novelty),
    report(`${name}: entries of ${looks} daily lists with less than half of one pattern`, others.length, ""),
    report(
      `${name}: of those, with no rising pattern in them`,
      others.filter(({ shares }) => !rising.some((pattern) => (shares.get(pattern) ?? 0) > 0.1)).length,
      ""
    ),
    judged(
      `the same without planted failures: daily lists with a false alarm, of ${looks}`,
      plain.looksWithEntry,
      "",
      `<= ${Math.ceil(0.05 * looks)}`,
      plain.looksWithEntry <= Math.ceil(0.05 * looks)
    ),
    judged(
      `the same with days dealt anew: daily lists with a false alarm, of ${looks}`,
      quiet.looksWithEntry,
      "",
      `<= ${Math.ceil(0.05 * looks)}`,
      quiet.looksWithEntry <= Math.ceil(0.05 * looks)
    ),
    report("the same with days dealt anew: entries in all", quiet.list.length, ""),
    report(`${name}: largest median move at a refit, of the width`, 100 * found.move, "%"),
    report(`${name}: fewest clusters kept at a refit`, 100 * found.kept, "%")
  ];
}

/** A first map at `FIRST_DAY`, a refit every third day, placing in between, and the emerging list of every day. */
function watch(traces: readonly Watched[]) {
  const novelty = new Float32Array(traces.length);
  const list: Found[] = [];
  let [move, kept, looksWithEntry] = [0, 1, 0];
  const until = (day: number) => traces.filter((trace) => trace.day <= day);
  let known = until(FIRST_DAY);
  let { map, projection } = buildFirstMap(inputOf(known.map(({ text }) => text)), `${FIRST_DAY}`);
  let next = map.clusters.length;
  for (let day = FIRST_DAY; day <= sampleDays; day++) {
    const seen = until(day);
    if (day > FIRST_DAY) {
      const fresh = new Placer(projection).placeTexts(seen.slice(known.length).map(({ text }) => text));
      // What a trace's novelty was when it came in, before any refit knew it.
      const today = seen.findIndex((trace) => trace.day === day);
      if (today >= 0) novelty.set(fresh.novelty.subarray(today - known.length), today);
      if ((day - FIRST_DAY) % REFIT_EVERY === 0) {
        const refit = refitMap(inputOf(seen.map(({ text }) => text)), projection, `${day}`, next);
        [move, kept] = [Math.max(move, refit.move), Math.min(kept, refit.lineage.kept)];
        ({ map, projection } = refit);
        next = refit.lineage.nextIdentity;
        known = seen;
      }
    }
    const fresh = new Placer(projection).placeTexts(seen.slice(known.length).map(({ text }) => text));
    const anew = voteAnew(projection);
    const voted = new Map(Array.from(projection.keys, (key, at) => [key, anew[at]!]));
    const join = (one: Float32Array, other: Float32Array) => Float32Array.of(...one, ...other);
    const placed: PlacedTraces = {
      unit: Int32Array.from(seen, ({ unit }) => unit),
      day: Int32Array.from(seen, (trace) => trace.day),
      cluster: Int32Array.of(
        ...known.map(({ text }) => voted.get(textKey(cleanText(text))) ?? NOISE),
        ...fresh.cluster
      ),
      novelty: join(map.novelty, fresh.novelty),
      x: join(map.x, fresh.x),
      y: join(map.y, fresh.y)
    };
    const entries = listEmerging(placed, { today: day, recentDays: RECENT_DAYS, pastDays: sampleDays });
    if (entries.length > 0) looksWithEntry++;
    entries.forEach(({ unit, cluster, recent }, at) => {
      const members = seen.filter(
        (trace, i) => trace.unit === unit && placed.cluster[i] === cluster && trace.day > day - RECENT_DAYS
      );
      const counts = new Map<Pattern, number>();
      for (const { patterns } of members) {
        for (const pattern of patterns) counts.set(pattern, (counts.get(pattern) ?? 0) + 1 / recent);
      }
      list.push({ day, rank: at + 1, unit, shares: counts });
      console.log(
        `  day ${day}, ${at + 1}: ${units[unit]}, ${recent} traces, "${map.clusters[cluster]?.label ?? "in no cluster"}", ${[...counts].map(([pattern, share]) => `${pattern} ${Math.round(100 * share)} %`).join(", ") || "nothing planted"}`
      );
    });
  }
  return { list, novelty, move, kept, looksWithEntry };
}

function foundRows(
  name: string,
  pattern: Pattern,
  traces: readonly Watched[],
  list: readonly Found[]
): readonly BenchRow[] {
  const first = Math.min(...traces.filter(({ patterns }) => patterns.includes(pattern)).map(({ day }) => day));
  const hit = list.find(({ shares }) => (shares.get(pattern) ?? 0) >= 0.5);
  const before = traces.filter(
    ({ patterns, day }) => patterns.includes(pattern) && day <= (hit?.day ?? sampleDays)
  ).length;
  return [
    report(`${name}: ${pattern}, first there on day ${first}, leads an entry on day`, hit?.day ?? Number.NaN, ""),
    report(`${name}: ${pattern}, rank of that entry`, hit?.rank ?? Number.NaN, ""),
    report(`${name}: ${pattern}, traces of it so far`, before, "")
  ];
}

/** How far each pattern is told by novelty alone, among traces of its units that came in after the first map. */
function noveltyRows(name: string, traces: readonly Watched[], novelty: Float32Array): readonly BenchRow[] {
  const late = traces.map((trace, i) => ({ ...trace, novelty: novelty[i]! })).filter(({ day }) => day > FIRST_DAY);
  const all = [...new Set(late.flatMap(({ patterns }) => patterns))].sort();
  return all.map((pattern) => {
    const own = late.filter(({ patterns }) => patterns.includes(pattern));
    const places = new Set(own.map(({ unit }) => unit));
    const others = late.filter(({ patterns, unit }) => !patterns.includes(pattern) && places.has(unit));
    const values = (list: typeof late) => list.map((trace) => trace.novelty);
    return report(
      `${name}: ${pattern} (${own.length}) told by novelty when placed, AUC`,
      rankArea(values(own), values(others)),
      ""
    );
  });
}

/** How many of a day's strangest traces somebody reads in a unit. */
const READ = 5;

/** When each pattern first stands among the strangest traces of its unit's day, and how much commoner it is there. */
function strangeRows(name: string, traces: readonly Watched[], novelty: Float32Array): readonly BenchRow[] {
  const late = traces.map((trace, i) => ({ ...trace, novelty: novelty[i]! })).filter(({ day }) => day > FIRST_DAY);
  const read: (Watched & { readonly rank: number })[] = [];
  for (let day = FIRST_DAY + 1; day <= sampleDays; day++) {
    for (const unit of units.keys()) {
      const today = late.filter((trace) => trace.day === day && trace.unit === unit);
      const strangest = today.sort((a, b) => b.novelty - a.novelty).slice(0, READ);
      read.push(...strangest.map((trace, at) => ({ ...trace, rank: at + 1 })));
    }
  }
  const all = [...new Set(late.flatMap(({ patterns }) => patterns))].sort();
  return all.flatMap((pattern) => {
    const has = ({ patterns }: Watched) => patterns.includes(pattern);
    const places = new Set(late.filter(has).map(({ unit }) => unit));
    const shareOf = (list: readonly Watched[]) => {
      const own = list.filter(({ unit }) => places.has(unit));
      return own.filter(has).length / own.length;
    };
    const first = read.find(has);
    const of = `${name}: ${pattern} among the ${READ} strangest of a unit's day`;
    return [
      report(`${of}, first on day`, first?.day ?? Number.NaN, ""),
      report(`${of}, rank then`, first?.rank ?? Number.NaN, ""),
      report(`${of}, times as common as in all traffic`, shareOf(read) / shareOf(late), "")
    ];
  });
}

/** What was said in each trace: the question and every answer, without system prompt and documents; or its tools. */
function readSample(subject: Subject, plants: boolean): readonly Watched[] {
  const options = { endMs, traces: Number(process.env["BENCH_TRACES"] ?? 4000), plants };
  return [...generateSample(options)].map(({ spans, patterns }) => {
    const root = spans.find(({ parentSpanId }) => parentSpanId === null)!;
    const answers = spans.filter(({ kind }) => kind === "llm").map(({ outputText }) => outputText ?? "");
    const day = sampleDays - Math.floor((endMs - 1 - Number(root.startNs / 1_000_000n)) / 86_400_000);
    return {
      unit: units.indexOf(root.businessUnit),
      day,
      text: {
        said: [root.inputText, ...answers].join("\n"),
        answers: answers.join("\n"),
        tools: spans.flatMap(({ toolName }) => toolName ?? []).join(" ")
      }[subject],
      patterns
    };
  });
}

/** The same traces with the days of each unit dealt anew: nothing rises, all else is as it was. */
function dealDays(traces: readonly Watched[], seed: number): readonly Watched[] {
  const random = seededRandom(seed);
  const dealt = traces.map((trace) => ({ ...trace }));
  for (const unit of units.keys()) {
    const own = dealt.filter((trace) => trace.unit === unit);
    for (let last = own.length - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1));
      const [a, b] = [own[last]!, own[other]!];
      [a.day, b.day] = [b.day, a.day];
    }
  }
  return dealt.sort((a, b) => a.day - b.day);
}
