import { afterAll, beforeAll, expect, test } from "vitest";
import type { CellState } from "#lib/model/run.ts";
import { byHand, collect, lastStates, openDesk, scope } from "./desk-fixture.ts";

let bench: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  bench = await openDesk();
});
afterAll(() => bench.close());

/** The version that the compiler of the fixture gives a text. */
const versionOf = (scorer: string) => String(scorer.length).padStart(12, "0");

/** People judge the first traces by their ids; the scorer is wrong on every fifth. */
const peopleOn = (from: number, to: number, flipped = 5) =>
  `select trace_id, case when n % ${flipped} = 0 then output = 'granted' else output <> 'granted' end as pass
from (select *, row_number() over (order by trace_id) as n from traces) where n between ${from} and ${to}`;

interface Asked {
  readonly scorer?: string;
  readonly people?: string;
  readonly version?: string;
  readonly name?: string;
  readonly scores?: string;
  readonly trigger?: "page" | "command" | "schedule";
}

async function look({ scorer = "granted", people = peopleOn(1, 20), version, name, scores, trigger = "page" }: Asked) {
  const text = `\`\`\`ts scorer by_words
${scorer}
\`\`\`

\`\`\`yaml score verdicts
scorer: by_words
\`\`\`

\`\`\`sql people
${people}
\`\`\`

\`\`\`sql mixed
select *, 'a' as other from verdicts union all select * replace ('later' as scorer_version), 'b' from verdicts
\`\`\`

\`\`\`yaml calibration tested
scores: ${scores ?? "verdicts"}
labels: people
test: ${name ?? "first set"}
${version === undefined ? "" : `version: "${version}"`}
\`\`\`
`;
  const run = bench.desk.run(
    scope,
    "tested",
    { text, cells: "all", params: {} },
    { ...byHand, trigger },
    new AbortController().signal
  );
  return lastStates(await collect(run)).get("tested")!;
}

function measured(state: CellState) {
  if (state.state !== "done" || state.result.kind !== "calibration") throw new Error(JSON.stringify(state));
  const { calibration } = state.result;
  return { n: calibration.n, observed: calibration.observed.value, said: calibration.warnings, result: state.result };
}

test("a test set is not looked at before its cell names the scorer's version", async () => {
  const { n, observed, said } = measured(await look({}));
  expect([n, observed]).toEqual([0, null]);
  expect(said).toEqual([
    `The test set was not looked at by this cell. When the scorer is done, write version: "${versionOf("granted")}" in this cell, and it is measured, once.`
  ]);
  expect(await bench.state.testLooks.list(scope, "first set")).toEqual([]);
});

test("the first look is kept with who and when, and stays whatever the labels become and whoever runs it", async () => {
  const version = versionOf("granted");
  const first = measured(await look({ version }));
  expect([first.n, first.observed]).toEqual([20, 0.8]);
  const [kept, ...others] = await bench.state.testLooks.list(scope, "first set");
  const day = new Date(kept!.atMs).toISOString().slice(0, 10);
  expect(first.said[0]).toBe(
    `Looked at with version ${version} by ${scope.userId} on ${day}, for the first time. This result stays as it was then.`
  );
  expect(others).toEqual([]);
  expect(kept).toMatchObject({ scorer: "by_words", scorerVersion: version, userId: scope.userId });
  expect(kept!.traceIds).toHaveLength(20);
  for (const trigger of ["command", "schedule"] as const) {
    const again = measured(await look({ version, people: peopleOn(1, 23, 2), trigger }));
    expect(again.result.calibration.observed).toEqual(first.result.calibration.observed);
    expect(again.said).toContain("3 traces of the test set are labelled that are not in this result.");
  }
  expect(await bench.state.testLooks.list(scope, "first set")).toEqual([kept]);
});

test("a changed scorer is told that the test set was seen, beside the first number, and what is missing", async () => {
  const scorer = "denied";
  const stale = measured(await look({ scorer, version: versionOf("granted") }));
  expect(stale.observed).toBe(0.8);
  expect(stale.said).toContain(
    `The scorer has changed since: it is version ${versionOf(scorer)} now, and this result is not of that one.`
  );
  const second = measured(await look({ scorer, version: versionOf(scorer), people: peopleOn(1, 26) }));
  expect(second.n).toBe(26);
  expect(second.said[0]).toMatch(
    /^The test set was already looked at with version 0+7 of by_words by tester on [-\d]+: agreement 80 % \[\d+, \d+\] n = 20, kappa .*\. This number, of version 0+6 by tester on [-\d]+, is optimistic: agreement \d+ % .* n = 26, kappa .*\. Label 20 more traces of the test set for a fresh test\.$/
  );
  expect(await bench.state.testLooks.list(scope, "first set")).toHaveLength(2);
});

test("as many new labels as the first look had make a fresh test of the new traces alone", async () => {
  await look({ name: "grown", version: versionOf("granted"), people: peopleOn(1, 12) });
  const { n, said } = measured(
    await look({ name: "grown", scorer: "denied", version: versionOf("denied"), people: peopleOn(1, 30) })
  );
  expect(n).toBe(18);
  expect(said[0]).toContain("on traces that no version saw before. This result stays as it was then.");
});

test("a version that the scorer does not have, verdicts of several versions and no labels each have a sentence", async () => {
  expect(await look({ version: "0123" })).toMatchObject({
    state: "failed",
    fault: { message: 'the scorer has no version "0123", and never was looked at with it' }
  });
  const mixed = await look({ scores: "mixed" });
  expect(mixed).toMatchObject({ fault: { message: expect.stringContaining("several scorers or versions") } });
  expect(await look({ scores: "people" })).toMatchObject({
    fault: { message: expect.stringContaining("does not say which version of which scorer") }
  });
  const version = versionOf("granted");
  const empty = measured(
    await look({ name: "empty", version, people: `select * from (${peopleOn(1, 5)}) where false` })
  );
  expect(empty.said[0]).toBe('There is nothing to look at in "tested" yet: label traces of the test set.');
  expect(await bench.state.testLooks.list(scope, "empty")).toEqual([]);
});
