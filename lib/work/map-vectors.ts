import type { Boilerplate } from "#lib/map/boilerplate.ts";
import type { ComingTexts } from "#lib/map/keep-map.ts";
import type { GivenVectors } from "#lib/map/prepared-texts.ts";
import { Fault } from "#lib/model/fault.ts";
import type { KeptMap } from "#lib/model/kept-map.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Embedder } from "#lib/ports/embedder.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { MapBuilder, MapProgress } from "#lib/ports/map-builder.ts";
import type { MapSettings } from "#lib/workbook/cell-settings.ts";
import { type EmbeddingForecast, embedTexts, forecastTexts, type HomedTexts, type TextHome } from "./embed-texts.ts";
import type { MapTexts } from "./map-texts.ts";

/** What the vectors of a map are got with. */
export interface VectorDoors {
  readonly lake: Pick<Lake, "append" | "openKernel">;
  readonly maps: Pick<MapBuilder, "prepare">;
  /** Null where none is configured. */
  readonly embedder: Embedder | null;
}

/**
 * The model that a map cell's vectors come from; null for those that are made here.
 *
 * @throws Fault `invalid` where the cell asks for a model and none is configured
 */
export function chooseEmbedder(embedder: Embedder | null, { vectors }: Pick<MapSettings, "vectors">): Embedder | null {
  if (vectors === "built-in") return null;
  if (embedder || vectors === "auto") return embedder;
  throw new Fault("invalid", "the map asks for the vectors of a model, and none is configured", {
    hint: "Set TRACEBOOK_EMBEDDINGS, or write vectors: built-in."
  });
}

/**
 * The model that a kept map's vectors come from; null where they are made here.
 *
 * @throws Fault `missing` where it is not the one that is configured
 */
export function requireEmbedder(
  embedder: Embedder | null,
  { title, version: { model = null } }: KeptMap
): Embedder | null {
  if (model === null) return null;
  if (embedder?.model === model) return embedder;
  throw new Fault("missing", `the map "${title}" stands on vectors of the model "${model}", which is not configured`, {
    hint: "Set TRACEBOOK_EMBEDDINGS to it, or keep a new map. This one stays as it is."
  });
}

/**
 * Vectors of a model for the texts of a map.
 *
 * @param before  the projection of the map's version before; null for a first one
 * @returns null where the map makes its own
 * @throws Fault `limit` where they would cost more than the cell's budget; nothing was asked for then
 */
export async function giveVectors(
  doors: VectorDoors,
  scope: Scope,
  ask: {
    readonly texts: MapTexts;
    readonly settings: MapSettings;
    readonly embedder: Embedder | null;
    readonly before: Uint8Array | null;
    /** Of a map that is not kept and that the texts are of: cleaned as it has them, they have vectors already. */
    readonly boilerplate?: Boilerplate;
  },
  onProgress: (progress: MapProgress) => void,
  signal: AbortSignal
): Promise<GivenVectors | null> {
  const { texts, settings, embedder, before, boilerplate } = ask;
  if (!embedder) return null;
  const prepared = await doors.maps.prepare(
    { texts: texts.texts, projection: before, ...(boilerplate ? { boilerplate } : {}) },
    signal
  );
  const own = { lake: doors.lake, embedder };
  if (settings.budgetUsd !== null) {
    keepBudget(await forecastTexts(own, scope, prepared.folded.texts, signal), settings.budgetUsd);
  }
  const tell = (done: number, total: number) => onProgress({ step: "vectors", done, total });
  const homed = { texts: prepared.folded.texts, homes: homesOf(prepared, texts) };
  return { prepared, ...(await embedTexts(own, scope, homed, tell, signal)), model: embedder.model };
}

/** Vectors of the texts that a kept map does not know, for placing. */
export async function giveUnknown(
  doors: VectorDoors & { readonly embedder: Embedder },
  scope: Scope,
  texts: MapTexts,
  projection: Uint8Array,
  signal: AbortSignal
): Promise<{ readonly texts: readonly string[]; readonly vectors: Float32Array }> {
  const coming = await doors.maps.prepare({ texts: texts.texts, projection }, signal);
  const homes = homesOf(coming, texts);
  const at = new Map(coming.folded.texts.map((text, row) => [text, row]));
  const homed = { texts: coming.unknown, homes: coming.unknown.map((text) => homes[at.get(text)!]!) };
  const { vectors } = await embedTexts(doors, scope, homed, () => undefined, signal);
  return { texts: coming.unknown, vectors };
}

function keepBudget({ model, missing, tokens, costUsd }: EmbeddingForecast, budgetUsd: number): void {
  if (costUsd === null) {
    throw new Fault("invalid", `nobody said what the model "${model}" costs, so the map cannot keep to its budget`, {
      hint: "Set TRACEBOOK_EMBEDDING_PRICE, US dollars per million tokens, or leave budget_usd out."
    });
  }
  if (costUsd <= budgetUsd) return;
  const count = (value: number) => value.toLocaleString("en-US");
  throw new Fault(
    "limit",
    `the vectors of ${count(missing)} texts would cost about $${costUsd.toPrecision(2)}, more than the map's budget of $${budgetUsd}`,
    {
      hint: `They have about ${count(tokens)} tokens. Raise budget_usd, map a sample with limit, or write vectors: built-in.`
    }
  );
}

/** Who has each distinct text: every unit with a trace of it, and the first day there. */
function homesOf({ folded }: ComingTexts, { units, days }: MapTexts): HomedTexts["homes"] {
  const homes = folded.texts.map((): Map<string, string> => new Map());
  folded.owner.forEach((text, trace) => {
    const [unit, day] = [units[trace]!, days[trace]!];
    if (text < 0 || unit === "" || day === "") return;
    const known = homes[text]!.get(unit);
    if (known === undefined || day < known) homes[text]!.set(unit, day);
  });
  return homes.map((home) => Array.from(home, ([businessUnit, day]): TextHome => ({ businessUnit, day })));
}
