import { Budget } from "#lib/model/budget.ts";
import type { Cluster } from "#lib/model/run.ts";
import type { BusinessUnit, Scope } from "#lib/model/scope.ts";
import { cutText } from "#lib/model/text-tokens.ts";
import type { Model } from "#lib/ports/model.ts";
import { askAll, countUnanswered, sumSpending } from "./ask-all.ts";
import type { MapTexts } from "./map-texts.ts";
import { parseTitle, titleQuestion } from "./title-question.ts";

/** A map of a cell, just built. */
export interface CellMap {
  readonly clusters: readonly Cluster[];
  /** By trace; below 0 for none. */
  readonly cluster: Int32Array;
  readonly texts: Pick<MapTexts, "texts" | "traceIds" | "units">;
}

/** Traces that a title is written from, and about how many tokens of each. */
const [sampleSize, tokensPerText] = [10, 150];

/**
 * Puts titles that a model writes in the place of the words of a cell's clusters; a cluster of several units is titled
 * from the traces of that with most of them in it. What is not answered keeps its words.
 *
 * @param model      null where none is configured
 * @param budgetUsd  at most
 * @returns the clusters, and a sentence each about who wrote titles, for how much, and what is missing
 */
export async function titleCell(
  { model, scope, budgetUsd }: { readonly model: Model | null; readonly scope: Scope; readonly budgetUsd: number },
  map: CellMap,
  onTitle: (done: number, total: number) => void,
  signal: AbortSignal
): Promise<{ readonly clusters: readonly Cluster[]; readonly notes: readonly string[] }> {
  const { clusters } = map;
  if (!model) return { clusters, notes: ["No model is configured, so the clusters show their words."] };
  const members = listMembers(map);
  const asked = clusters.flatMap((cluster) => {
    const { unit, texts } = chooseTexts(map.texts, cluster, members.get(cluster.id) ?? new Map());
    return texts.length > 0 ? [{ id: cluster.id, question: titleQuestion(unit, cluster.label, texts) }] : [];
  });
  let done = 0;
  const answers = await askAll(
    { model, scope, budget: new Budget({ usd: budgetUsd, tokens: null }) },
    asked.map(({ question }) => question),
    () => onTitle(++done, asked.length),
    signal
  );
  const titles = new Map(
    answers.flatMap((answer, at) => {
      const title = answer.kind === "answered" ? parseTitle(answer.value)?.title : undefined;
      return title === undefined ? [] : [[asked[at]!.id, title] as const];
    })
  );
  const cost = (sumSpending(answers).costUsd ?? 0).toPrecision(2);
  return {
    clusters: clusters.map((cluster) => ({ ...cluster, label: titles.get(cluster.id) ?? cluster.label })),
    notes: [
      `${model.modelId} wrote the titles of ${titles.size} of ${clusters.length} clusters for $${cost}.`,
      ...countUnanswered(answers).map(({ why, reason, count }) => `${count} show their words, ${why}: ${reason}.`)
    ]
  };
}

/** Traces with a text, by cluster and unit. */
function listMembers({
  cluster: ids,
  texts: { texts, units }
}: CellMap): ReadonlyMap<number, Map<BusinessUnit, number[]>> {
  const members = new Map<number, Map<BusinessUnit, number[]>>();
  ids.forEach((id, at) => {
    const unit = units[at]!;
    if (id < 0 || unit === "" || texts[at]!.trim() === "") return;
    const byUnit = members.get(id) ?? new Map<BusinessUnit, number[]>();
    members.set(id, byUnit);
    const own = byUnit.get(unit);
    if (own) own.push(at);
    else byUnit.set(unit, [at]);
  });
  return members;
}

/** Texts of the unit with most traces in a cluster: the representatives, then others in the order of their ids. */
function chooseTexts(
  { texts, traceIds }: CellMap["texts"],
  { representatives }: Cluster,
  byUnit: ReadonlyMap<BusinessUnit, readonly number[]>
) {
  const [unit, members] = [...byUnit].sort(([, a], [, b]) => b.length - a.length)[0] ?? ["", []];
  const typical = members.filter((at) => representatives.includes(traceIds[at]!));
  const chosen = [...new Set([...typical, ...members.slice(0, sampleSize)])].slice(0, sampleSize);
  return { unit, texts: chosen.map((at) => cutText(texts[at]!.trim(), tokensPerText)) };
}
