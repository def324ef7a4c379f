import type { KeptMap, MapArea, MapGround, MapVersion } from "../model/kept-map.ts";
import type { BusinessUnit, Scope } from "../model/scope.ts";

/** What a kept map begins with. */
export interface NewKeptMap {
  readonly mapId: string;
  readonly title: string;
  readonly businessUnits: readonly BusinessUnit[];
  readonly ground: MapGround;
  readonly version: MapVersion;
}

/** Maps that stay. A scope sees those that hold one of its units; what it may see of them, the reader decides. */
export interface KeptMaps {
  /** The newest first. */
  list(scope: Scope): Promise<readonly KeptMap[]>;
  /** @throws Fault `missing` */
  find(scope: Scope, mapId: string): Promise<KeptMap>;
  /** @throws Fault `denied` for units outside the scope, `conflict` where the id is taken, `limit` beyond 200 maps */
  keep(scope: Scope, map: NewKeptMap): Promise<KeptMap>;
  /** Puts a version in the place of the one before it. @throws Fault `missing`, `conflict` when its number is taken */
  replaceVersion(scope: Scope, mapId: string, version: MapVersion): Promise<KeptMap>;
  /** Notes up to where traces are placed; never goes back, and does nothing when the version has been replaced. */
  notePlaced(mapId: string, version: number, snapshotId: number): Promise<void>;
  /** @throws Fault `missing`, `invalid` */
  rename(scope: Scope, mapId: string, title: string): Promise<void>;
  /** Gives a cluster a name of people's own; null takes it back. @throws Fault `missing`, `invalid` */
  nameCluster(scope: Scope, mapId: string, clusterId: number, name: string | null): Promise<void>;
  /** Keeps an area, in the place of one of the same name. @throws Fault `missing`, `invalid`, `limit` beyond 200 areas */
  keepArea(scope: Scope, mapId: string, area: Pick<MapArea, "name" | "polygon">): Promise<void>;
  /** Nothing happens where there is none of the name. @throws Fault `missing` */
  removeArea(scope: Scope, mapId: string, name: string): Promise<void>;
  /** @throws Fault `missing` */
  remove(scope: Scope, mapId: string): Promise<void>;
}
