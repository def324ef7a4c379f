import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NewAuditEntry } from "#lib/model/audit.ts";
import type { Judgement } from "#lib/model/review.ts";
import type { Scope } from "#lib/model/scope.ts";
import { systemClock } from "#lib/server/clock.ts";
import { openState, type State } from "#lib/server/state/state.ts";
import { exportQueue } from "#lib/work/export-queue.ts";

let [folder, state] = ["", null as unknown as State];
const recorded: NewAuditEntry[] = [];
beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/tracebook-export-`);
  state = await openState({ dataFolder: folder, databaseUrl: null }, systemClock);
});
afterAll(async () => {
  await state.close();
  await rm(folder, { recursive: true, force: true });
});

const person = (userId: string, businessUnits: readonly string[] = ["support"]): Scope => ({
  ...{ userId, roles: [], businessUnits }
});
const owner = person("owner");
const key = (traceId: string) => ({ traceId, businessUnit: "support" });

async function takeOut(queueId: string, format: "csv" | "jsonl", who = owner, administered = ["support"]) {
  const doors = {
    ...state,
    audit: { record: async (_: Scope, entry: NewAuditEntry) => void recorded.push(entry) }
  };
  const { parts, name, contentType } = await exportQueue(doors, who, administered, queueId, format);
  let text = "";
  for await (const part of parts) text += new TextDecoder().decode(part);
  return { text, name, contentType };
}

test("what was said in a queue comes out with reviewers, versions, chances and times, and no text becomes a formula", async () => {
  const selection = { kind: "cluster", mapId: "m", clusterId: 1 } as const;
  const label = (name: string, hotkey: string) => ({ name, meaning: "", hotkey });
  const { queueId } = await state.queues.create(owner, {
    title: "Refund quality",
    rubric: {
      labels: [label("good", "1"), label("=bad", "2")],
      scales: [{ name: "Tone", meaning: "", hotkey: "t", low: 1, high: 5 }],
      fields: [{ name: "Statute", hotkey: "z", isRequired: false }],
      ...{ needsJustification: false, hasFreeText: true }
    },
    reviewing: { reviewsPerItem: 2 },
    origin: { selection, mapVersion: 1, sql: "select 1", snapshotId: 1 },
    rule: { count: 2, by: { kind: "unit" }, spread: "equal", seed: 1 },
    items: ["t1", "t2"].map((id) => ({ ...key(id), stratum: "all", inclusionProbability: 0.25 }))
  });
  const said = (name: string, note: string): Judgement => ({
    ...{ kind: "labelled", label: name, note, quotes: ["one", "two"], correctedOutput: null },
    ...{ flags: ["item defect"], scales: { Tone: 4 }, fields: { Statute: "+49" } }
  });
  const submit = (who: string, traceId: string, judgement: Judgement) =>
    state.reviews.submit(person(who), queueId, key(traceId), {
      ...{ judgement, rubricVersion: 1, baseVersion: 0, durationMs: 4000 }
    });
  await submit("ann", "t1", said("=bad", '=HYPERLINK("http://x")'));
  await submit("bob", "t1", said("good", "  plain, and\n-long"));
  await submit("bob", "t2", { kind: "skipped", reason: "@not mine" });
  const decision = { label: "=bad", reason: "read it", rubricVersion: 1, baseVersion: 0 };
  await state.adjudications.decide(owner, queueId, key("t1"), decision);

  const csv = await takeOut(queueId, "csv");
  expect([csv.name, csv.contentType]).toEqual(["refund-quality-judgements.csv", "text/csv; charset=utf-8"]);
  const lines = csv.text.split("\r\n");
  expect(lines[0]).toMatch(/^trace_id,.*,final_label,Tone,Statute$/);
  expect(lines[1]).toMatch(
    /^t1,,support,1,all,0.25,labelled,ann,'=bad,"'=HYPERLINK\(""http:\/\/x""\)","one\ntwo",,item defect,,1,1,4000,\d{4}-/
  );
  expect(lines[1]).toMatch(/,adjudicated,'=bad,4,'\+49$/);
  expect(lines.slice(2, -1).map((line) => line.split(",")[6])).toEqual(["labelled", "adjudicated", "skipped"]);
  expect(lines[4]).toContain("'@not mine");
  expect(csv.text).not.toMatch(/(^|,)"?[=+@]/m);

  const jsonl = await takeOut(queueId, "jsonl");
  const [first, ...others] = jsonl.text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(others).toEqual([]);
  const attributes = first!["attributes"] as Record<string, string>;
  expect(first).toMatchObject({ trace_id: "t1", verdict: "adjudicated", final_label: "=bad" });
  expect(attributes).toMatchObject({
    "trace.annotations.0.annotation.name": "Refund quality",
    "trace.annotations.0.annotation.label": "=bad",
    "trace.annotations.0.annotation.annotator_kind": "HUMAN",
    "trace.annotations.0.annotation.identifier": "ann",
    "trace.annotations.1.annotation.name": "Tone",
    "trace.annotations.1.annotation.score": 4
  });
  expect(JSON.parse(attributes["trace.annotations.0.annotation.metadata"]!)).toMatchObject({
    ...{ version: 1, rubric_version: 1, inclusion_probability: 0.25, duration_ms: 4000, queue_id: queueId }
  });
  expect(JSON.parse(attributes["trace.annotations.4.annotation.metadata"]!)).toMatchObject({ adjudicated: true });
  expect(recorded).toMatchObject([
    { action: "queue.export", facts: { format: "csv" } },
    { facts: { format: "jsonl" } }
  ]);

  // The second is not judged by all yet: what one said of it oneself comes out, and nothing of others.
  await submit("ann", "t2", said("good", "of my own"));
  const decided = { label: "=bad", reason: "early", rubricVersion: 1, baseVersion: 0 };
  await state.adjudications.decide(owner, queueId, key("t2"), decided);
  const rowsOf = async (who: string, administered: string[] = []) =>
    (await takeOut(queueId, "csv", person(who), administered)).text
      .split("\r\n")
      .slice(1, -1)
      .map((line) => [line.split(",")[0], line.split(",")[7], /,(open|adjudicated),/.exec(line)?.[1]].join(" "));
  const first3 = ["t1 ann adjudicated", "t1 bob adjudicated", "t1 owner adjudicated"];
  expect(await rowsOf("ann")).toEqual([...first3, "t2 ann open"]);
  expect(await rowsOf("bob")).toEqual([...first3, "t2 bob open"]);
  expect(await rowsOf("eve")).toEqual(first3);
  expect(await rowsOf("eve", ["support"])).toHaveLength(6);
  for (const format of ["csv", "jsonl"] as const) {
    const { text } = await takeOut(queueId, format, person("bob"), []);
    expect(text).not.toMatch(/of my own|early/);
  }
  await expect(takeOut(queueId, "csv", person("lawyer", ["legal"]), [])).rejects.toMatchObject({ code: "missing" });
});
