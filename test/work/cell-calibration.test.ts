import { afterAll, beforeAll, expect, test } from "vitest";
import type { CellResult } from "#lib/model/run.ts";
import { reportOfRun } from "#lib/work/report-of-run.ts";
import { byHand, collect, lastStates, openDesk, scope } from "./desk-fixture.ts";

let bench: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  bench = await openDesk();
});
afterAll(() => bench.close());

/** The desk's 40 traces, 10 of which the scorer passes. People agree, but on every fifth they say the other. */
const labels = `select trace_id, "session_id", case when n % 5 = 0 then output = 'granted' else output <> 'granted' end as pass
from (select *, row_number() over (order by trace_id) as n from traces) where n <= 35`;

function workbook(calibration: string, people = labels): string {
  return `\`\`\`ts scorer granted
granted
\`\`\`

\`\`\`yaml score verdicts
scorer: granted
\`\`\`

\`\`\`sql people
${people}
\`\`\`

\`\`\`yaml calibration agreement
${calibration}
\`\`\`

\`\`\`sql check holds
select 'kappa' as name, value, 0.9 as threshold, value >= 0.9 as pass, n from agreement where measure = 'kappa'
\`\`\`

\`\`\`sql wrong
select count(*) as n from agreement_disagreements
\`\`\`
`;
}

async function run(calibration: string, people?: string) {
  const request = { text: workbook(calibration, people), cells: "all" as const, params: {} };
  const events = await collect(bench.desk.run(scope, "calibrated", request, byHand, new AbortController().signal));
  return { events, states: lastStates(events) };
}

test("a scorer is held against people, and a check reads how far they agree", async () => {
  const { events, states } = await run("scores: verdicts\nlabels: people\ndesign: random");
  const { result, notes } = states.get("agreement") as { result: CellResult; notes: readonly string[]; state: "done" };
  expect(result).toMatchObject({ kind: "calibration", rows: 8, ceiling: null });
  if (result.kind !== "calibration") throw new Error("no calibration");
  const { calibration, traffic } = result;
  expect(calibration).toMatchObject({ n: 35, unscored: 0, observed: { value: 0.8 } });
  expect(calibration.confusion.missed + calibration.confusion.falseAlarms).toBe(7);
  expect(calibration.kappa.interval![0]).toBeLessThan(calibration.kappa.value!);
  expect(traffic).toMatchObject({ n: 40, labelled: 35, raw: { value: 0.25 } });
  expect(traffic.corrected!.interval![0]).toBeLessThan(traffic.corrected!.interval![1]);
  expect(notes).toEqual([]);
  expect(states.get("holds")).toMatchObject({ result: { checks: [{ name: "kappa", pass: false, n: 35 }] } });
  const runId = (events[0] as { readonly runId: string }).runId;
  const { text } = await reportOfRun(bench.state, scope, runId, "html");
  expect(text).toContain("Cohen&#39;s kappa");
  expect(text).toContain("Set right by 35 labels of a random sample");
});

test("several people of a trace count by most, even splits are left out and said, and they are a ceiling", async () => {
  const { states } = await run(
    "scores: verdicts\nlabels: people\npasses: [good]",
    `select trace_id, case when (n + p) % 7 = 0 then 'bad' when output = 'granted' then 'bad' else 'good' end as label
from (select *, row_number() over (order by trace_id) as n from traces), range(2) r(p)`
  );
  const agreement = states.get("agreement") as { result: CellResult; notes: readonly string[]; state: "done" };
  if (agreement.result.kind !== "calibration") throw new Error("no calibration");
  expect(agreement.result.ceiling).toMatchObject({ n: 40 });
  expect(agreement.result.ceiling!.alpha.value!).toBeLessThan(1);
  expect(agreement.notes[0]).toMatch(/^Left out: \d+ traces of which as many people/);
  expect(agreement.result.rows).toBe(9);
  expect(agreement.result.traffic.method).toContain("neither a random sample");
});

test.each([
  ["scores: verdicts\nlabels: nowhere", labels, /"nowhere", which no cell defines/],
  [
    "scores: verdicts\nlabels: people",
    "select trace_id, 'good' as label from traces",
    /does not say what people passed/
  ],
  ["scores: people\nlabels: verdicts\nby: colour", labels, /no column "colour" to draw by/],
  ["scores: verdicts\nlabels: people\ndesign: lucky", labels, /"design" is "lucky"/],
  ["scores: verdicts\nlabels: people\nthreshold: 7", labels, /"threshold" is 7/],
  ["scores: verdicts\nlabels: people\nversion: v1", labels, /no test set to look at with it/],
  ["scores: verdicts", labels, /says no "labels"/]
])("what cannot be calibrated is said: %s", async (calibration, people, message) => {
  const { states } = await run(calibration, people);
  const { fault } = states.get("agreement") as { fault: { readonly message: string } };
  expect(fault.message).toMatch(message);
});

test("no label at all is a sentence, not a number", async () => {
  const { states } = await run("scores: verdicts\nlabels: people", `select * from (${labels}) where false`);
  expect(states.get("agreement")).toMatchObject({
    result: {
      calibration: { n: 0, kappa: { value: null }, warnings: ["No trace was judged by people and by the scorer."] },
      traffic: { corrected: null }
    }
  });
});
