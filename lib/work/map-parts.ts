import type { Boilerplate } from "#lib/map/boilerplate.ts";
import type { TextNeighbours } from "#lib/map/text-neighbours.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Embedder } from "#lib/ports/embedder.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";
import type { MapBuilder } from "#lib/ports/map-builder.ts";
import type { Model } from "#lib/ports/model.ts";
import type { Projections } from "#lib/ports/projections.ts";
import { type MapSettings, parseMapSettings } from "#lib/workbook/cell-settings.ts";
import { nameKey } from "#lib/workbook/names.ts";
import { askFacet } from "./ask-facet.ts";
import type { Desk } from "./desk.ts";
import { runSeed } from "./desk-doors.ts";
import { unitsOf } from "./map-keeper.ts";
import { type MapTexts, type MapTextsQuestion, readMapTexts } from "./map-texts.ts";
import { chooseEmbedder, giveVectors, requireEmbedder, type VectorDoors } from "./map-vectors.ts";
import { lakeTextSql } from "./trace-words.ts";

/** What parts of maps are read through. */
export interface PartDoors extends VectorDoors {
  readonly maps: Pick<MapBuilder, "prepare" | "neighbours">;
  /** That facets ask; null where none is configured. */
  readonly model: Model | null;
  readonly desk: Pick<Desk, "withMap" | "borrow">;
  readonly keptMaps: Pick<KeptMaps, "find">;
  readonly projections: Pick<Projections, "read">;
}

/** What the traces of a part say, and how it is turned into vectors. */
interface ReadPart {
  readonly texts: MapTexts;
  readonly settings: MapSettings;
  readonly embedder: Embedder | null;
  readonly before: Uint8Array | null;
  readonly boilerplate?: Boilerplate;
}

/**
 * Parts of maps that are laid out alone. Their texts are read anew, in the scope of the one who asks. Where vectors are
 * made here, they are made of these texts alone, so that what all of them say tells none apart; a model's are those of
 * the whole map. A facet is not asked again: traces without an answer from before have no text.
 */
export class MapParts {
  readonly #doors: PartDoors;

  constructor(doors: PartDoors) {
    this.#doors = doors;
  }

  /**
   * The nearest of each text among some traces of a workbook's map cell; `owner` in their order.
   *
   * @throws Fault `missing` where the cell has not run, `invalid` where they are too few to lay out
   */
  async readCell(
    scope: Scope,
    slug: string,
    map: string,
    traceIds: readonly string[],
    signal: AbortSignal
  ): Promise<TextNeighbours> {
    const { desk, embedder } = this.#doors;
    const read = await desk.withMap(scope, slug, map, async (kernel, key, session): Promise<ReadPart> => {
      const settings = parseMapSettings(session.cells.get(key)!.text);
      const params = session.ground?.params ?? {};
      const texts = await readMapTexts({ kernel, cell: { key }, settings, params, only: traceIds }, signal);
      const { boilerplate } = session.bases.get(key)!;
      return { texts, settings, embedder: chooseEmbedder(embedder, settings), before: null, boilerplate };
    });
    return this.#find(scope, traceIds, read, signal);
  }

  /**
   * The same of a kept map.
   *
   * @throws Fault `missing` where the scope does not have it, or its model is not configured
   */
  async readKept(
    scope: Scope,
    mapId: string,
    traceIds: readonly string[],
    signal: AbortSignal
  ): Promise<TextNeighbours> {
    const { desk, keptMaps, projections } = this.#doors;
    const map = await keptMaps.find(scope, mapId);
    const own = unitsOf(map, scope);
    const embedder = requireEmbedder(this.#doors.embedder, map);
    const before = embedder ? await projections.read(mapId, map.version.version) : null;
    const read = await desk.borrow(own, map.ground, signal, async ({ kernel, cell, params }): Promise<ReadPart> => {
      const settings = parseMapSettings(cell.text);
      const texts = await readAlsoPast({ kernel, cell, settings, params }, traceIds, signal);
      return { texts, settings, embedder, before };
    });
    return this.#find(own, traceIds, read, signal);
  }

  async #find(scope: Scope, traceIds: readonly string[], part: ReadPart, signal: AbortSignal): Promise<TextNeighbours> {
    const { maps, model } = this.#doors;
    const { facet, neighbours, seed } = part.settings;
    const { texts } =
      facet === null
        ? part.texts
        : await askFacet({ model, scope, facet, budgetUsd: 0 }, part.texts, () => undefined, signal);
    const told = { ...part, texts: { ...part.texts, texts } };
    const given = await giveVectors(this.#doors, scope, told, () => undefined, signal);
    const near = await maps.neighbours({ texts, seed: seed ?? runSeed, neighbours, given }, signal);
    const rows = new Map(part.texts.traceIds.map((id, row) => [id, row]));
    return { ...near, owner: Int32Array.from(traceIds, (id) => near.owner[rows.get(id) ?? -1] ?? -1) };
  }
}

/** Texts as the map's cell reads them; of traces that it no longer finds, such as those before its first day, as the lake has them. */
async function readAlsoPast(
  question: Omit<MapTextsQuestion, "only">,
  traceIds: readonly string[],
  signal: AbortSignal
): Promise<MapTexts> {
  const now = await readMapTexts({ ...question, only: traceIds }, signal);
  const known = new Set(now.traceIds);
  const past = traceIds.filter((id) => !known.has(id));
  if (past.length === 0 || lakeTextSql(nameKey(question.settings.text), "") === undefined) return now;
  const settings = { ...question.settings, traces: "traces" };
  const then = await readMapTexts({ ...question, settings, only: past }, signal);
  return {
    traceIds: [...now.traceIds, ...then.traceIds],
    texts: [...now.texts, ...then.texts],
    units: [...now.units, ...then.units],
    days: [...now.days, ...then.days],
    startedAtMs: [...now.startedAtMs, ...then.startedAtMs]
  };
}
