import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { formatColumnUse, parseColumnUse } from "#lib/formats/column-mapping.ts";
import { systemClock } from "#lib/server/clock.ts";
import { localFiles } from "#lib/server/source-files.ts";
import { previewImport } from "#lib/work/import-preview.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(`${tmpdir()}/tracebook-preview-`);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function preview(name: string, content: string, ...words: string[]) {
  await writeFile(`${folder}/${name}`, content);
  return previewImport(
    { sources: localFiles, clock: systemClock },
    {
      path: `${folder}/${name}`,
      businessUnit: "support",
      format: null,
      environment: null,
      mapping: words.length > 0 ? words.map(parseColumnUse) : null
    }
  );
}

const chats =
  "conversation,asked,question,answer,rating\n7,1790000000,Where is it?,On its way.,4\n8,1790000060,Cancel it,Done.,5\n";

test("a table of no known format shows its columns, a guess at them and the traces that come of it", async () => {
  const seen = await preview("chats.csv", chats);
  expect(seen).toMatchObject({
    records: 2,
    isAll: true,
    needsMapping: true,
    fileCount: 1,
    files: [{ name: "chats.csv", format: null }]
  });
  expect(seen.columns[2]).toEqual({ name: "question", filled: 2, samples: ["Where is it?", "Cancel it"] });
  expect(seen.mapping.map(formatColumnUse)).toEqual([
    "trace_id=conversation",
    "input=question",
    "output=answer",
    "score:rating=rating[1..5]"
  ]);
  expect(seen.traces[0]).toMatchObject({
    agent: "chats",
    input: "Where is it?",
    output: "On its way.",
    verdicts: ["rating 0.75"],
    timesSynthesised: true
  });
  expect(seen.losses).toContainEqual({ field: "asked", fate: "attribute", count: 2 });
  expect(seen.notes.join(" ")).toMatch(/2 of 2 rows have no time.* derived .*share "conversation"/);
});

test("a corrected column changes what would come of it, and the unit of its numbers is told", async () => {
  const seen = await preview("chats.csv", chats, "input=answer", "started_at=asked");
  expect(seen).toMatchObject({ needsMapping: false, mapping: [{ target: "input", reason: null }, {}] });
  expect(seen.traces.map(({ input }) => input)).toEqual(["On its way.", "Done."]);
  expect(seen.notes).toEqual([
    'The numbers in "asked" count s since 1970, by their size.',
    "Each row is a trace of its own."
  ]);
});

test("a known format needs no mapping, and shows its traces with what is lost", async () => {
  const span = (id: string, parent: string | null) => ({
    ...{
      id,
      span_id: id,
      root_span_id: "r",
      span_parents: parent === null ? [] : [parent],
      created: "2026-01-01T00:00:00Z"
    },
    ...{
      input: `ask ${id}`,
      output: `say ${id}`,
      span_attributes: { name: id, type: "llm" },
      metadata: { model: "gpt", odd: 1 },
      scores: { ok: 1 }
    }
  });
  const seen = await preview("b.jsonl", [span("a", null), span("b", "a")].map((one) => JSON.stringify(one)).join("\n"));
  expect(seen).toMatchObject({ needsMapping: false, columns: [], mapping: [], files: [{ format: "braintrust" }] });
  expect(seen.traces).toMatchObject([{ spans: 2, model: "gpt", input: "ask a", verdicts: ["ok 1", "ok 1"] }]);
  expect(seen.losses.map(({ field }) => field)).toContain("metadata.odd");
});

test("only the beginning of a long file is looked at, and a file that breaks off there is no fault", async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) =>
    JSON.stringify({ question: `q${index}`, pad: "x".repeat(50) })
  );
  const seen = await preview("long.jsonl", rows.join("\n"));
  expect(seen).toMatchObject({ isAll: false, rejected: 0, needsMapping: true });
  expect(seen.records).toBeLessThan(2000);
  expect(seen.traces).toHaveLength(5);
});

test("a folder shows the files that can be imported, and says why one cannot be read", async () => {
  await writeFile(`${folder}/notes.md`, "no traces");
  await writeFile(`${folder}/bad.parquet`, "PAR1");
  await writeFile(`${folder}/one.csv`, chats);
  const seen = await previewImport(
    { sources: localFiles, clock: systemClock },
    { path: folder, businessUnit: "support", format: null, environment: null, mapping: null, agent: "shop" }
  );
  expect(seen.files.map(({ name }) => name)).toEqual(["bad.parquet", "one.csv"]);
  expect(seen.reasons[0]).toMatch(/^bad.parquet: the Parquet file cannot be read/);
  expect(seen.traces[0]!.agent).toBe("shop");
});
