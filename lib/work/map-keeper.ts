import { NOISE } from "#lib/map/hdbscan.ts";
import type { KeptVersion, PlacedTraces } from "#lib/map/keep-map.ts";
import { Fault } from "#lib/model/fault.ts";
import { checkMapName, type KeptMap, type MapGround, type MapVersion } from "#lib/model/kept-map.ts";
import type { Placement } from "#lib/model/placement.ts";
import type { Scope } from "#lib/model/scope.ts";
import { seenUnits } from "#lib/model/seen-clusters.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Embedder } from "#lib/ports/embedder.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { MapBuilder, MapProgress } from "#lib/ports/map-builder.ts";
import type { Model } from "#lib/ports/model.ts";
import type { Projections } from "#lib/ports/projections.ts";
import { parseMapSettings } from "#lib/workbook/cell-settings.ts";
import { answerAbout, askFacet } from "./ask-facet.ts";
import type { BorrowedTables } from "./borrow-tables.ts";
import { runSeed } from "./desk-doors.ts";
import { type MapTexts, readMapTexts, requireTraces } from "./map-texts.ts";
import { chooseEmbedder, giveUnknown, giveVectors, requireEmbedder } from "./map-vectors.ts";

/** What keeping maps needs. */
export interface MapKeeperDoors {
  readonly lake: Pick<Lake, "append" | "openKernel" | "snapshotId">;
  readonly maps: Pick<MapBuilder, "prepare" | "freeze" | "place">;
  /** The model that vectors come from; null where none is configured. */
  readonly embedder: Embedder | null;
  /** That facets ask; null where none is configured. */
  readonly model: Model | null;
  readonly keptMaps: KeptMaps;
  readonly projections: Projections;
  readonly clock: Clock;
  /** Makes what a map cell reads, for the time of the work. */
  readonly borrow: <T>(
    scope: Scope,
    ground: MapGround,
    signal: AbortSignal,
    work: (tables: BorrowedTables) => Promise<T>
  ) => Promise<T>;
}

type OnProgress = (progress: MapProgress) => void;

/** Placements of one append. */
const placementsAtOnce = 20_000;

/** Maps that stay: made from a map cell, built again on demand, and given the traces that arrive. */
export class MapKeeper {
  readonly #doors: MapKeeperDoors;

  constructor(doors: MapKeeperDoors) {
    this.#doors = doors;
  }

  /**
   * Builds the map of a cell and keeps it.
   *
   * @throws Fault of the cells it reads, of the builder, or `invalid` for a title
   */
  async keep(
    scope: Scope,
    { title, ground }: { readonly title: string; readonly ground: MapGround },
    onProgress: OnProgress,
    signal: AbortSignal
  ): Promise<KeptMap> {
    checkMapName(title);
    const mapId = this.#doors.clock.newId();
    const ask = { mapId, ground, number: 1, before: null, model: undefined };
    const built = await this.#build(scope, ask, onProgress, signal);
    return this.#doors.keptMaps.keep(scope, {
      mapId,
      title,
      businessUnits: built.units,
      ground,
      version: built.version
    });
  }

  /**
   * Builds a kept map again from the traces that its cell finds now. It looks as before, and its clusters are the
   * same as far as their traces are. Its vectors come from where they came before.
   *
   * @throws Fault `conflict` when someone else built it again meanwhile, `missing` when its model is not configured
   */
  async rebuild(scope: Scope, mapId: string, onProgress: OnProgress, signal: AbortSignal): Promise<KeptMap> {
    const { keptMaps, projections } = this.#doors;
    const map = await keptMaps.find(scope, mapId);
    requireAllUnits(scope, map);
    const { version: number, nextClusterId } = map.version;
    const model = requireEmbedder(this.#doors.embedder, map);
    const before = { projection: await projections.read(mapId, number), nextClusterId };
    const ask = { mapId, ground: map.ground, number: number + 1, before, model };
    const { version } = await this.#build(unitsOf(map, scope), ask, onProgress, signal);
    return keptMaps.replaceVersion(scope, mapId, version);
  }

  /**
   * Places the traces that came since, on a map that does not move. Traces without a text are left for later: more
   * of them may come. Of a map of a facet these are the ones that the model was not asked about yet, for nothing is
   * paid without being asked for: running its cell again does that.
   *
   * @returns how many were placed
   * @throws Fault `missing` when the map's model is not configured; the map stays as it is
   */
  async placeNew(scope: Scope, mapId: string, signal: AbortSignal): Promise<number> {
    const { keptMaps, lake, maps, projections } = this.#doors;
    const map = await keptMaps.find(scope, mapId);
    const { version } = map.version;
    if (map.placedSnapshotId >= (await lake.snapshotId())) return 0;
    const embedder = requireEmbedder(this.#doors.embedder, map);
    const [arrived, snapshotId, { facet }] = await this.#read(unitsOf(map, scope), map.ground, signal, mapId);
    const told = chooseTold(await this.#answered(unitsOf(map, scope), facet, arrived, signal));
    if (told.texts.length > 0) {
      const projection = await projections.read(mapId, version);
      const given = embedder
        ? await giveUnknown({ ...this.#doors, embedder }, unitsOf(map, scope), told, projection, signal)
        : null;
      const placed = await maps.place(projection, told.texts, signal, given);
      await this.#append(scope, listPlacements(mapId, version, told, placed));
    }
    await keptMaps.notePlaced(mapId, version, snapshotId);
    return told.texts.length;
  }

  /** Removes a map; where traces stood on it is read by nobody any more. */
  async remove(scope: Scope, mapId: string): Promise<void> {
    requireAllUnits(scope, await this.#doors.keptMaps.find(scope, mapId));
    await this.#doors.keptMaps.remove(scope, mapId);
    await this.#doors.projections.remove(mapId);
  }

  async #build(
    scope: Scope,
    ask: {
      readonly mapId: string;
      readonly ground: MapGround;
      readonly number: number;
      readonly before: { readonly projection: Uint8Array; readonly nextClusterId: number } | null;
      /** Null for vectors that are made here; undefined leaves it to the cell. */
      readonly model: Embedder | null | undefined;
    },
    onProgress: OnProgress,
    signal: AbortSignal
  ): Promise<{ readonly version: MapVersion; readonly units: readonly string[] }> {
    const { maps, projections, clock } = this.#doors;
    const { mapId, ground, number, before } = ask;
    const [asked, snapshotId, settings] = await this.#read(scope, ground, signal);
    const tell = (done: number, total: number) => onProgress({ step: "answers", done, total });
    const { read: texts, budgetUsd } = await answerAbout({ ...this.#doors, scope }, settings, asked, tell, signal);
    requireTraces(texts, settings);
    const seed = settings.seed ?? runSeed;
    const { neighbours, minClusterSize } = settings;
    const embedder = ask.model === undefined ? chooseEmbedder(this.#doors.embedder, settings) : ask.model;
    const wanted = { texts, settings: { ...settings, budgetUsd }, embedder, before: before?.projection ?? null };
    const given = await giveVectors(this.#doors, scope, wanted, onProgress, signal);
    const request = { ...texts, seed, neighbours, minClusterSize, version: `${mapId}/${number}`, before, given };
    const frozen = await maps.freeze(request, onProgress, signal);
    signal.throwIfAborted();
    // The map is known last of all: what was written for one that is never known is read by nobody.
    await projections.write(mapId, number, frozen.projection);
    await this.#append(scope, listPlacements(mapId, number, texts, frozen));
    return {
      version: describeVersion(frozen, { number, madeAtMs: clock.nowMs(), snapshotId, seed }),
      units: [...new Set(texts.units)].sort()
    };
  }

  /** Texts with what the model said before of each; empty where it was not asked yet. */
  async #answered(scope: Scope, facet: string | null, read: MapTexts, signal: AbortSignal): Promise<MapTexts> {
    if (facet === null || read.texts.length === 0) return read;
    const question = { model: this.#doors.model, scope, facet, budgetUsd: 0 };
    return { ...read, texts: (await askFacet(question, read, () => undefined, signal)).texts };
  }

  /** @param notOn  a kept map whose traces are left out */
  #read(scope: Scope, ground: MapGround, signal: AbortSignal, notOn?: string) {
    return this.#doors.borrow(scope, ground, signal, async ({ kernel, cell, params }) => {
      const settings = parseMapSettings(cell.text);
      const question = { kernel, cell, settings, params, ...(notOn === undefined ? {} : { notOn }) };
      return [inLake(await readMapTexts(question, signal)), kernel.snapshotId, settings] as const;
    });
  }

  async #append(scope: Scope, placements: readonly Placement[]): Promise<void> {
    for (let start = 0; start < placements.length; start += placementsAtOnce) {
      const some = placements.slice(start, start + placementsAtOnce);
      await this.#doors.lake.append(scope, { spans: [], scores: [], placements: some });
    }
  }
}

/** A map is built from all its units' traces, so who builds it again or removes it must see them all. */
function requireAllUnits(scope: Scope, map: KeptMap): void {
  if (seenUnits(map, scope).length === map.businessUnits.length) return;
  throw new Fault("denied", "the map holds traces of business units that are not yours", {
    hint: "Ask someone who sees all of them, or keep a map of your own."
  });
}

/** A map stays with the units that it was built from, whoever works on it. */
export function unitsOf(map: KeptMap, scope: Scope): Scope {
  return { ...scope, businessUnits: seenUnits(map, scope) };
}

/** Traces that a table names but the lake does not hold have no unit, and no place. */
function inLake(texts: MapTexts): MapTexts {
  return choose(texts, (at) => texts.units[at] !== "");
}

function chooseTold(texts: MapTexts): MapTexts {
  return choose(texts, (at) => texts.texts[at]!.trim() !== "");
}

function choose(texts: MapTexts, isChosen: (at: number) => boolean): MapTexts {
  const kept = <T>(list: readonly T[]) => list.filter((_, at) => isChosen(at));
  return {
    traceIds: kept(texts.traceIds),
    texts: kept(texts.texts),
    units: kept(texts.units),
    days: kept(texts.days),
    startedAtMs: kept(texts.startedAtMs)
  };
}

function listPlacements(mapId: string, version: number, texts: MapTexts, placed: PlacedTraces): readonly Placement[] {
  return texts.traceIds.map((traceId, at) => ({
    mapId,
    version,
    traceId,
    businessUnit: texts.units[at]!,
    day: texts.days[at]!,
    startedAtMs: texts.startedAtMs[at]!,
    x: placed.x[at]!,
    y: placed.y[at]!,
    clusterId: noneOr(placed.clusterId[at]!),
    arrivalClusterId: noneOr(placed.arrivalClusterId[at]!),
    novelty: placed.novelty[at]!
  }));
}

function noneOr(clusterId: number): number | null {
  return clusterId === NOISE ? null : clusterId;
}

function describeVersion(
  frozen: KeptVersion,
  made: { readonly number: number; readonly madeAtMs: number; readonly snapshotId: number; readonly seed: number }
): MapVersion {
  const { vectors, model, movedShare, nextClusterId, clusters, ended } = frozen;
  const { number: version, madeAtMs, snapshotId, seed } = made;
  const points = frozen.x.length;
  return { version, madeAtMs, snapshotId, seed, vectors, model, points, movedShare, nextClusterId, clusters, ended };
}
