import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { benches as arrow } from "./arrow.ts";
import { benches as attacks } from "./attacks.ts";
import { benches as clusters } from "./clusters.ts";
import { benches as drawing } from "./draw.ts";
import { benches as imports } from "./import.ts";
import { benches as ingest } from "./ingest.ts";
import { benches as lakePages } from "./lake-page.ts";
import { benches as lineage } from "./lineage.ts";
import { benches as maps } from "./map.ts";
import { benches as mapScale } from "./map-scale.ts";
import { benches as online } from "./online.ts";
import { benches as open } from "./open.ts";
import { benches as openYear } from "./open-year.ts";
import { benches as query } from "./query.ts";
import { benches as review } from "./review.ts";
import type { Bench, BenchRow } from "./row.ts";
import { benches as sandbox } from "./sandbox.ts";
import { benches as scorers } from "./scorers.ts";
import { benches as search } from "./search.ts";

const groups: readonly Bench[] = [
  ...query,
  ...search,
  ...open,
  ...openYear,
  ...arrow,
  ...imports,
  ...ingest,
  ...lakePages,
  ...sandbox,
  ...attacks,
  ...scorers,
  ...online,
  ...review,
  ...maps,
  ...clusters,
  ...lineage,
  ...mapScale,
  ...drawing
];
const { positionals, values } = parseArgs({ options: { json: { type: "string" } }, allowPositionals: true });
const isChosen = ({ name, subject }: Bench) =>
  positionals.length === 0 || positionals.some((word) => name.includes(word) || subject === word);
const chosen = groups.filter(isChosen);
if (chosen.length === 0) {
  console.error(
    `no bench is named like ${positionals.join(", ")}; there are: ${groups.map(({ name }) => name).join(", ")}`
  );
  process.exit(2);
}

const rows: BenchRow[] = [];
for (const bench of chosen) {
  console.error(`measuring ${bench.name} …`);
  rows.push(...(await bench.run()));
}

const figure = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(3)).toLocaleString("en-US") : "–");
const table = rows.map((row) => [
  row.name,
  `${figure(row.value)} ${row.unit}`,
  row.against,
  `${figure(row.ratio)}x`,
  row.target,
  row.met ? "met" : "MISSED"
]);
const heads = ["what", "measured", "against", "ratio", "target", ""];
const widths = heads.map((head, index) => Math.max(head.length, ...table.map((line) => line[index]!.length)));
for (const line of [heads, ...table])
  console.log(
    line
      .map((cell, index) => cell.padEnd(widths[index]!))
      .join("  ")
      .trimEnd()
  );
console.log(JSON.stringify(rows));
if (values.json) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);
