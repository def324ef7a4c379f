import { readdir, readFile } from "node:fs/promises";
import { wilsonInterval } from "#lib/math/wilson.ts";
import type { Calibration, Interval, JudgedTrace, Measured } from "#lib/model/calibration.ts";
import type { Score } from "#lib/model/score.ts";
import type { Json } from "#lib/model/span.ts";
import type { Compiler } from "#lib/ports/compiler.ts";
import type { Sandbox } from "#lib/ports/sandbox.ts";
import { calibrate } from "#lib/scoring/calibration.ts";
import { openCompiler } from "#lib/server/compiler.ts";
import { openSandbox } from "#lib/server/sandbox/sandbox.ts";
import { asTraces } from "../scorers/trace.ts";
import type { Bench, BenchRow } from "./row.ts";
import { type Labelled, readLabelled, readSample } from "./scorer-labels.ts";

/** What the library's scorers find against labels that others gave. Nothing is tuned to them, and no number has a target. */
export const benches: readonly Bench[] = [
  { name: "scorers of whole runs", subject: "scorers", run: () => withDoors(measureRuns) },
  { name: "scorers of steps", subject: "scorers", run: () => withDoors(measureSteps) },
  { name: "scorers of planted failures", subject: "scorers", run: () => withDoors(measureSample) }
];

interface Doors {
  readonly compiler: Compiler;
  readonly sandbox: Sandbox;
}

type Options = { readonly [name: string]: Json };

/** Scorers that need nothing beside the conversation. */
const ofConversation = [
  "tool-selection",
  "tool-arguments-valid",
  "repeated-tool-calls",
  "ignored-errors",
  "support-overlap",
  "unsupported-numbers",
  "unsupported-dates",
  "unsupported-entities",
  "citation-exists",
  "quote-verbatim",
  "pii-leak",
  "refusal",
  "user-friction"
];

const folder = new URL("../../scorers/", import.meta.url);
const never = new AbortController().signal;

async function withDoors(measure: (doors: Doors) => Promise<readonly BenchRow[]>): Promise<readonly BenchRow[]> {
  const doors = { compiler: await openCompiler(), sandbox: await openSandbox() };
  try {
    return await measure(doors);
  } finally {
    await doors.sandbox.close();
    await doors.compiler.close();
  }
}

/** The environment's reward against scorers that read the conversation, and against those that know the reference's calls. */
async function measureRuns(doors: Doors): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [set, paths, expected] of [
    [
      "tau2-gpt41",
      [""],
      "(select json_extract(detail, '$.action_checks[*].action') from scores s where s.trace_id = d.trace_id limit 1)"
    ],
    [
      "agentrx-tau-retail",
      ["/tau_dataset_full.json.gz"],
      "(select json_extract(attributes, '$.\"tau.task\".actions') from spans p where p.trace_id = d.trace_id and parent_span_id is null limit 1)"
    ]
  ] as const) {
    const traces = await readLabelled(set, paths, expected);
    if (traces.length === 0) continue;
    const judged = traces.filter(({ truth }) => truth !== null);
    const name = `${set}, ${judged.length} runs, reward`;
    const verdicts = new Map<string, readonly Score[]>();
    for (const scorer of ofConversation) verdicts.set(scorer, await runScorer(doors, scorer, {}, judged));
    for (const [scorer, scores] of verdicts) rows.push(...agreement(`${name}: ${scorer}`, judgedBy(judged, scores)));
    const any = judged.map((_, at) => foldScores([...verdicts.values()].map((scores) => scores[at]!)));
    rows.push(...agreement(`${name}: fails where any of these fails`, judgedBy(judged, any)));
    for (const [scorer, options] of [
      ["trajectory-match", { mode: "superset" }],
      ["trajectory-match", { mode: "superset", args: "ignore" }],
      ["trajectory-match", { mode: "unordered" }],
      ["tool-selection", { allowOthers: true }],
      ["arguments-match", {}]
    ] as const)
      rows.push(
        ...agreement(
          `${name}: ${[scorer, ...Object.values(options)].join(" ")}, knowing the reference's calls`,
          judgedBy(judged, await runScorer(doors, scorer, options, judged.map(withExpected)))
        )
      );
  }
  return rows;
}

/** Which step went wrong: a step fails where a scorer points at it, and in truth where people saw a failure begin. */
async function measureSteps(doors: Doors): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [set, paths] of [
    ["agentrx-tau-retail", ["/tau_dataset_failed.json.gz", "/tau_ground_truth.json"]],
    ["who-and-when-algorithm-generated", [""]]
  ] as const) {
    const traces = (await readLabelled(set, paths, "null")).filter(({ failedSpans }) => failedSpans.size > 0);
    if (traces.length === 0) continue;
    const pointed = traces.map(() => new Set<string>());
    const failing = traces.map(() => new Set<string>());
    for (const scorer of ofConversation) {
      const scores = await runScorer(doors, scorer, {}, traces);
      for (const [at, score] of scores.entries()) {
        if (score.kind !== "scored" || score.pass !== false) continue;
        failing[at]!.add(scorer);
        // What a scorer says of the answer without naming a step is said of the last one.
        for (const { spanId } of score.evidence) pointed[at]!.add(spanId ?? traces[at]!.spanIds.at(-1) ?? "");
      }
    }
    const steps = traces.flatMap(({ traceId, spanIds, failedSpans }, at) =>
      spanIds.map((spanId): JudgedTrace => {
        const pass = !pointed[at]!.has(spanId);
        return {
          traceId: `${traceId}/${spanId}`,
          cluster: traceId,
          truth: !failedSpans.has(spanId),
          pass,
          value: Number(pass)
        };
      })
    );
    const name = `${set}, ${traces.length} failed runs`;
    rows.push(...agreement(`${name}, ${steps.length} steps: any scorer points at it`, steps));
    const found = failing.filter((scorers) => scorers.size > 0).length;
    rows.push(share(`${name}: failed by any scorer`, found, traces.length));
    const hits = traces.filter(({ failedSpans }, at) => [...failedSpans].some((span) => pointed[at]!.has(span))).length;
    rows.push(share(`${name}: a step people named is among those pointed at`, hits, traces.length));
    for (const scorer of ofConversation) {
      const failed = failing.filter((scorers) => scorers.has(scorer)).length;
      rows.push(share(`${name}: failed by ${scorer}`, failed, traces.length));
    }
    const named = (await runScorer(doors, "first-wrong-step", {}, traces)).map((score) =>
      score.kind === "scored" ? score.evidence[0]?.spanId : undefined
    );
    const right = traces.filter(({ failedSpans }, at) => failedSpans.has(named[at] ?? "")).length;
    rows.push(
      share(`${name}: the one step that first-wrong-step names is one that people named`, right, traces.length)
    );
  }
  return rows;
}

/** The sample's answer key: what was planted against the scorer made for it; and what each finds where nothing was planted. */
async function measureSample(doors: Doors): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  const planted = await readSample(true);
  for (const [scorer, pattern] of [
    ["citation-exists", "hallucinated_citation"],
    ["tool-arguments-valid", "schema_violation"],
    ["repeated-tool-calls", "repeated_calls"],
    ["pii-leak", "pii_leak"],
    ["refusal", "refusal"]
  ] as const) {
    const traces = planted.map((trace) => ({ ...trace, truth: !trace.patterns.includes(pattern) }));
    const judged = judgedBy(traces, await runScorer(doors, scorer, {}, traces));
    const name = `sample, ${traces.length} traces, ${pattern}: ${scorer}`;
    const found = judged.filter(({ pass }) => pass === false);
    const right = found.filter(({ truth }) => !truth).length;
    rows.push(share(`${name}, precision`, right, found.length));
    rows.push(share(`${name}, recall (unscored are not found)`, right, judged.filter(({ truth }) => !truth).length));
    rows.push(...agreement(name, judged));
  }
  const plain = await readSample(false);
  for (const scorer of ofConversation) {
    const scores = await runScorer(doors, scorer, {}, plain);
    const judged = scores.filter((score) => score.kind === "scored" && score.pass !== null);
    const failed = judged.filter((score) => score.kind === "scored" && score.pass === false).length;
    rows.push(share(`sample with nothing planted: ${scorer} fails, of what it scores`, failed, judged.length));
  }
  return rows;
}

function withExpected(trace: Labelled): Labelled {
  return { ...trace, text: `{"expected":${JSON.stringify(trace.expected)},${trace.text.slice(1)}` };
}

async function runScorer({ compiler, sandbox }: Doors, name: string, options: Options, traces: readonly Labelled[]) {
  if (!(await readdir(folder)).includes(`${name}.ts`)) throw new Error(`there is no scorer ${name}`);
  const compiled = await compiler.compile(await readFile(new URL(`${name}.ts`, folder), "utf8"), options);
  const session = await sandbox.open(compiled, { callTimeoutMs: 10_000, memoryBytes: 512 * 2 ** 20 });
  const scores: Score[] = [];
  try {
    const texts = asTraces(traces.map(({ text }) => text));
    for await (const part of session.score(texts, never)) scores.push(...part.map(({ score }) => score));
  } finally {
    await session.close();
  }
  const broken = scores.find((score) => score.kind === "unscored" && score.status === "error");
  if (broken) console.error(`${name} broke: ${broken.reason}`);
  return scores;
}

function judgedBy(traces: readonly Labelled[], scores: readonly Score[]): JudgedTrace[] {
  return traces.map(({ traceId, cluster, truth }, at) => {
    const score = scores[at]!;
    const [pass, value] = score.kind === "scored" ? [score.pass, score.value] : [null, null];
    return { traceId, cluster, truth: truth === true, pass, value };
  });
}

/** Fails where one fails, passes where one passes and none fails. */
function foldScores(scores: readonly Score[]): Score {
  const judged = scores.filter((score) => score.kind === "scored" && score.pass !== null);
  const failed = judged.find((score) => score.kind === "scored" && score.pass === false);
  return failed ?? judged[0] ?? scores[0]!;
}

function agreement(name: string, traces: readonly JudgedTrace[]): BenchRow[] {
  const calibration = finish(traces);
  const { n, unscored, confusion } = calibration;
  const counts = `n ${n}, unscored ${unscored}, failed by both ${confusion.failedBoth}, missed ${confusion.missed}, false alarms ${confusion.falseAlarms}`;
  return [
    row(`${name}, kappa`, calibration.kappa, counts),
    row(`${name}, AC1`, calibration.ac1, counts),
    row(`${name}, TPR (passes passed)`, calibration.truePositive, counts),
    row(`${name}, TNR (failures failed)`, calibration.trueNegative, counts)
  ];
}

function finish(traces: readonly JudgedTrace[]): Calibration {
  const steps = calibrate(traces);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

function share(name: string, count: number, of: number): BenchRow {
  return row(name, { value: of === 0 ? null : count / of, interval: wilsonInterval(count, of) }, `${count} of ${of}`);
}

function row(name: string, { value, interval }: Measured, counts: string): BenchRow {
  return {
    name,
    value: value ?? Number.NaN,
    unit: "",
    against: `${spell(interval)}; ${counts}`,
    rival: null,
    ratio: Number.NaN,
    target: "none",
    met: true
  };
}

function spell(interval: Interval | null): string {
  return interval === null ? "no interval" : `95 % ${interval[0].toFixed(2)} to ${interval[1].toFixed(2)}`;
}
