import type { MapGround } from "#lib/model/kept-map.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Model } from "#lib/ports/model.ts";
import type { MapForecastReply } from "#lib/wire/map-forecast.ts";
import { parseMapSettings } from "#lib/workbook/cell-settings.ts";
import { forecastFacet } from "./ask-facet.ts";
import type { BorrowedTables } from "./borrow-tables.ts";
import { forecastTexts } from "./embed-texts.ts";
import { readMapTexts } from "./map-texts.ts";
import { chooseEmbedder, type VectorDoors } from "./map-vectors.ts";

/** What a forecast is made with. */
export interface ForecastDoors extends VectorDoors {
  /** That facets are asked of; null where none is configured. */
  readonly model: Model | null;
  readonly borrow: <T>(
    scope: Scope,
    ground: MapGround,
    signal: AbortSignal,
    work: (tables: BorrowedTables) => Promise<T>
  ) => Promise<T>;
}

/**
 * What the map of a cell would cost on the newest snapshot. The cells that it reads run for it; no model is asked.
 *
 * @throws Fault of the cells it reads, `missing` where there is no such cell
 */
export async function forecastMap(
  doors: ForecastDoors,
  scope: Scope,
  ground: MapGround,
  signal: AbortSignal
): Promise<MapForecastReply> {
  const [settings, texts] = await doors.borrow(scope, ground, signal, async ({ kernel, cell, params }) => {
    const said = parseMapSettings(cell.text);
    return [said, await readMapTexts({ kernel, cell, settings: said, params }, signal)] as const;
  });
  const nothing = { model: null, missing: 0, tokens: 0, costUsd: 0 };
  if (settings.facet !== null) {
    const facet = forecastFacet(doors.model, settings.facet, texts);
    return { ...nothing, facet, traces: texts.texts.length, texts: facet.questions };
  }
  const { folded } = await doors.maps.prepare({ texts: texts.texts, projection: null }, signal);
  const counted = { facet: null, traces: texts.texts.length, texts: folded.texts.length };
  const embedder = chooseEmbedder(doors.embedder, settings);
  if (!embedder) return { ...nothing, ...counted };
  return { ...counted, ...(await forecastTexts({ lake: doors.lake, embedder }, scope, folded.texts, signal)) };
}
