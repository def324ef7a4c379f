import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { buildMap } from "#lib/map/build-map.ts";
import { Placer } from "#lib/map/place.ts";
import { buildFirstMap } from "#lib/map/refit-map.ts";
import { adjustedRand, normalisedInformation, rankArea } from "../map/agreement.ts";
import { sharedData } from "../shared-data.ts";
import { inputOf, report } from "./map-rows.ts";
import type { Bench, BenchRow } from "./row.ts";

/** Clusters and novelty against what people wrote beside real texts; from text alone, without a network. Nothing is tuned to them. */
export const benches: readonly Bench[] = [
  { name: "clusters", run: async () => [...measureIntents(), ...measureIssues()] }
];

type Labelled = readonly (readonly [text: string, label: string])[];

interface Intents {
  readonly train: Labelled;
  readonly test: Labelled;
  readonly oos_test: Labelled;
}

function measureIntents(): readonly BenchRow[] {
  const folder = sharedData("clinc150");
  if (!folder) return [];
  const data = JSON.parse(gunzipSync(readFileSync(`${folder}/data_full.json.gz`)).toString()) as Intents;
  const begin = process.cpuUsage().user;
  const { map, projection } = buildFirstMap(inputOf(textsOf(data.train)), "1");
  const built = (process.cpuUsage().user - begin) / 1e6;
  const placer = new Placer(projection);
  const start = process.cpuUsage().user;
  const inside = placer.placeTexts(textsOf(data.test));
  const outside = placer.placeTexts(textsOf(data.oos_test));
  const placed = (process.cpuUsage().user - start) / 1e6;
  const mixed = buildMap(inputOf(textsOf([...data.test, ...data.oos_test])));
  const n = data.test.length;
  const intentOf = commonestLabels(map.cluster, data.train);
  const right = data.test.filter(([, intent], i) => intentOf.get(inside.cluster[i]!) === intent).length;
  const joined = inside.cluster.filter((id) => id >= 0).length;
  const name = `clinc150, ${data.train.length.toLocaleString("en-US")} texts of 150 intents`;
  return [
    report(`${name}: CPU from text to clusters and words`, built, "s"),
    ...agreementRows(name, map.cluster, data.train),
    report(`${name}: new texts placed per CPU second`, (n + data.oos_test.length) / placed, "/s"),
    report(`${name}: new texts in a cluster of their intent, of those in one`, right / joined, ""),
    report(`${name}: new texts in no cluster`, 1 - joined / n, ""),
    report(`${name}: out-of-scope texts placed in no cluster`, shareOf(outside.cluster, -1), ""),
    report(`${name}: out of scope told by novelty once placed, AUC`, rankArea(outside.novelty, inside.novelty), ""),
    report(
      "clinc150, test and out-of-scope texts on one map: out of scope told by novelty, AUC",
      rankArea(mixed.novelty.subarray(n), mixed.novelty.subarray(0, n)),
      ""
    )
  ];
}

interface Simulations {
  readonly simulations: readonly {
    readonly task_id: string;
    readonly messages: readonly { readonly role: string; readonly content: string | null }[];
  }[];
}

/** Whole conversations, tool output left out, beside the issue type that the task's name begins with. */
function measureIssues(): readonly BenchRow[] {
  const folder = sharedData("tau2-gpt41");
  if (!folder) return [];
  return ["default", "no-user"].flatMap((kind) => {
    const bytes = readFileSync(`${folder}/gpt-4.1_telecom_${kind}_gpt-4.1_1trials.json.gz`);
    const { simulations } = JSON.parse(gunzipSync(bytes).toString()) as Simulations;
    const rows = simulations.map(({ task_id, messages }): readonly [string, string] => [
      messages
        .filter(({ role }) => role !== "tool")
        .map(({ content }) => content ?? "")
        .join("\n"),
      task_id.slice(0, task_id.indexOf("]") + 1)
    ]);
    return agreementRows(
      `tau2-gpt41 telecom ${kind}, ${rows.length} runs of 3 issue types`,
      buildMap(inputOf(textsOf(rows))).cluster,
      rows
    );
  });
}

function agreementRows(name: string, cluster: Int32Array, rows: Labelled): readonly BenchRow[] {
  const labels = rows.map(([, label]) => label);
  return [
    report(`${name}: clusters`, new Set(cluster.filter((id) => id >= 0)).size, ""),
    report(`${name}: adjusted Rand`, adjustedRand([...cluster], labels), ""),
    report(`${name}: normalised information`, normalisedInformation([...cluster], labels), ""),
    report(`${name}: in no cluster`, shareOf(cluster, -1), "")
  ];
}

/** By cluster the label most of its texts have. */
function commonestLabels(cluster: Int32Array, rows: Labelled): ReadonlyMap<number, string> {
  const counts = new Map<number, Map<string, number>>();
  cluster.forEach((id, i) => {
    if (id < 0) return;
    const own = counts.get(id) ?? new Map<string, number>();
    own.set(rows[i]![1], (own.get(rows[i]![1]) ?? 0) + 1);
    counts.set(id, own);
  });
  return new Map([...counts].map(([id, own]) => [id, [...own].sort(([, a], [, b]) => b - a)[0]![0]]));
}

const textsOf = (rows: Labelled) => rows.map(([text]) => text);
const shareOf = (values: Int32Array, wanted: number) =>
  values.filter((value) => value === wanted).length / values.length;
