import { Budget, type BudgetCap } from "#lib/model/budget.ts";
import { type ClusterTitle, titleStands } from "#lib/model/cluster-title.ts";
import { Fault } from "#lib/model/fault.ts";
import type { KeptMap } from "#lib/model/kept-map.ts";
import { costUsd } from "#lib/model/model-price.ts";
import type { BusinessUnit, Scope } from "#lib/model/scope.ts";
import { seenUnits } from "#lib/model/seen-clusters.ts";
import type { Json } from "#lib/model/span.ts";
import { estimateTokens } from "#lib/model/text-tokens.ts";
import type { ClusterTitles } from "#lib/ports/cluster-titles.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { Model, ModelQuestion } from "#lib/ports/model.ts";
import type { TitleForecast, TitlesWritten } from "#lib/wire/cluster-titles.ts";
import { askAll, countUnanswered, sumSpending } from "./ask-all.ts";
import { mostTitleTokens, parseTitle, titleQuestion } from "./title-question.ts";
import { countStaying, readTitleSamples, type TitleSample } from "./title-samples.ts";

/** What writing titles needs. */
export interface MapTitlerDoors {
  readonly lake: Pick<Lake, "openKernel">;
  readonly keptMaps: Pick<KeptMaps, "find">;
  readonly clusterTitles: ClusterTitles;
  /** Null where none is configured. */
  readonly model: Model | null;
  /** Hears of titles of a map that could not be looked after. */
  readonly report: (mapId: string, error: unknown) => void;
}

/** How the building of a map goes on. */
type OnProgress = (progress: { readonly step: string; readonly done: number; readonly total: number }) => void;

/** Titles so far, of how many, and what they cost. */
export type OnTitle = (done: number, total: number, costUsd: number | null) => void;

/** Of a title and its description. */
const usualTokens = 60;

/** An answer that is not of the form is asked for once more, with what was wrong. */
const mostAsks = 2;

/** What titles may cost that nobody asked for: those of a map that was just built. */
const unaskedUsd = 0.25;
const unaskedTokens = 200_000;

/** A title to write, and the question that asks for it. */
interface Wanted {
  readonly sample: TitleSample;
  readonly size: number;
  readonly question: ModelQuestion;
}

/** Titles of the clusters of kept maps, each written by a model from one unit's traces alone. */
export class MapTitler {
  readonly #doors: MapTitlerDoors;

  constructor(doors: MapTitlerDoors) {
    this.#doors = doors;
  }

  /** Who writes them; null where no model is configured. */
  get modelId(): string | null {
    return this.#doors.model?.modelId ?? null;
  }

  /**
   * What the titles that a map lacks would cost.
   *
   * @throws Fault `missing` for a map that is not seen, `invalid` where no model is configured
   */
  async forecast(scope: Scope, mapId: string): Promise<TitleForecast> {
    const model = this.#requireModel();
    const { wanted } = await this.#read(scope, await this.#doors.keptMaps.find(scope, mapId));
    return forecastTitles(model, wanted);
  }

  /**
   * Writes the titles that a map lacks, of the scope's units, the largest clusters first. Each is kept as it comes.
   *
   * @throws Fault as `forecast` does; the signal's reason when it stops
   */
  async write(
    scope: Scope,
    mapId: string,
    cap: BudgetCap,
    onTitle: OnTitle,
    signal: AbortSignal
  ): Promise<TitlesWritten> {
    const model = this.#requireModel();
    const { clusterTitles, keptMaps } = this.#doors;
    const map = await keptMaps.find(scope, mapId);
    const { standing, wanted } = await this.#read(scope, map);
    await clusterTitles.keep(scope, mapId, standing);
    const budget = new Budget(cap);
    let [done, written] = [0, 0];
    const answers = await askAll(
      { model, scope, budget },
      wanted.map(({ question }) => question),
      async (at, answer) => {
        const title = answer.kind === "answered" ? readTitle(wanted[at]!, answer, map.version.version) : undefined;
        if (title) await clusterTitles.keep(scope, mapId, [title]);
        written += title ? 1 : 0;
        onTitle(++done, wanted.length, budget.spent.costUsd);
      },
      signal
    );
    const empty = answers.filter(({ kind }) => kind === "answered").length - written;
    return {
      written,
      unwritten: [
        ...countUnanswered(answers).map(({ why, reason, count }) => ({ reason: `${why}: ${reason}`, count })),
        ...(empty > 0 ? [{ reason: "malformed: the title is empty", count: empty }] : [])
      ],
      ...sumSpending(answers)
    };
  }

  /**
   * Looks after the titles of a map that was just built: those that still fit hold for the new version too, and where
   * there is a model the others are written, within a small budget. The map stands whatever becomes of them.
   */
  async settle(scope: Scope, map: KeptMap, onProgress: OnProgress, signal: AbortSignal): Promise<KeptMap> {
    const { clusterTitles, model, report } = this.#doors;
    const onTitle: OnTitle = (done, total) => onProgress({ step: "titles", done, total });
    try {
      if (model) {
        const cap = { usd: model.price === null ? null : unaskedUsd, tokens: unaskedTokens };
        await this.write(scope, map.mapId, cap, onTitle, signal);
      } else {
        await clusterTitles.keep(scope, map.mapId, (await this.#read(scope, map)).standing);
      }
    } catch (error) {
      if (!signal.aborted) report(map.mapId, error);
    }
    return map;
  }

  /** Titles of an earlier version that still fit, and those that have to be written. */
  async #read(
    scope: Scope,
    map: KeptMap
  ): Promise<{ readonly standing: readonly ClusterTitle[]; readonly wanted: readonly Wanted[] }> {
    const titles = await this.#doors.clusterTitles.list(scope, map.mapId);
    const read = { standing: [] as ClusterTitle[], wanted: [] as Wanted[] };
    for (const unit of seenUnits(map, scope)) {
      // A kernel that sees nothing but the unit: its titles cannot tell of another's traces.
      const kernel = await this.#doors.lake.openKernel({ ...scope, businessUnits: [unit] });
      try {
        const own = titles.filter(({ businessUnit }) => businessUnit === unit);
        const found = await readUnit(kernel, map, unit, own);
        read.standing.push(...found.standing);
        read.wanted.push(...found.wanted);
      } finally {
        await kernel.close();
      }
    }
    return { standing: read.standing, wanted: read.wanted.sort((a, b) => b.size - a.size) };
  }

  #requireModel(): Model {
    if (this.#doors.model) return this.#doors.model;
    throw new Fault("invalid", "there is no model to write titles with", {
      hint: "Set TRACEBOOK_MODEL and the endpoint that has it, see the README."
    });
  }
}

async function readUnit(
  kernel: Kernel,
  map: KeptMap,
  unit: BusinessUnit,
  titles: readonly ClusterTitle[]
): Promise<{ readonly standing: readonly ClusterTitle[]; readonly wanted: readonly Wanted[] }> {
  const { version, clusters } = map.version;
  const parts = new Map(clusters.flatMap(({ clusterId, parts }) => (parts[unit] ? [[clusterId, parts[unit]]] : [])));
  const earlier = titles.filter((title) => title.version < version && parts.has(title.clusterId));
  const staying = await countStaying(kernel, map, earlier);
  const standing = earlier
    .filter((title) => {
      const later = { size: parts.get(title.clusterId)!.size, kept: staying.get(title.clusterId) ?? 0 };
      return titleStands(title, later);
    })
    .map((title) => ({ ...title, version }));
  const held = new Set(
    [...standing, ...titles.filter((title) => title.version >= version)].map((one) => one.clusterId)
  );
  const missing = [...parts.keys()].filter((clusterId) => !held.has(clusterId));
  const samples = await readTitleSamples(kernel, map, unit, missing);
  const wanted = samples
    .filter(({ texts }) => texts.length > 0)
    .map((sample): Wanted => {
      const { size, label } = parts.get(sample.clusterId)!;
      return { sample, size, question: titleQuestion(unit, label, sample.texts) };
    });
  return { standing, wanted };
}

function readTitle(
  { sample, size, question }: Wanted,
  answer: { readonly value: Json; readonly modelId: string },
  version: number
): ClusterTitle | undefined {
  const written = parseTitle(answer.value);
  if (!written) return undefined;
  return {
    clusterId: sample.clusterId,
    businessUnit: question.businessUnit,
    ...written,
    modelId: answer.modelId,
    sample: sample.traceIds,
    size,
    version
  };
}

function forecastTitles({ modelId, price }: Model, wanted: readonly Wanted[]): TitleForecast {
  const inputTokens = wanted.reduce(
    (sum, { question }) => sum + estimateTokens(`${question.system}${question.user}${JSON.stringify(question.schema)}`),
    0
  );
  const outputTokens = wanted.length * usualTokens;
  // A second try is sent the first answer too.
  const [mostInput, mostOutput] = [
    Math.ceil(1.25 * inputTokens * mostAsks) + wanted.length * 2 * mostTitleTokens,
    wanted.length * mostTitleTokens * mostAsks
  ];
  return {
    modelId,
    titles: wanted.length,
    inputTokens,
    outputTokens,
    costUsd: costUsd(price, inputTokens, outputTokens),
    mostTokens: mostInput + mostOutput,
    mostCostUsd: costUsd(price, mostInput, mostOutput)
  };
}
