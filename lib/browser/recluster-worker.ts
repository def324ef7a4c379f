import type { ClusterGround } from "#lib/map/label-texts.ts";
import { type DrawnPoints, Reclusterer, type Reclustering } from "#lib/map/recluster.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";

/** What the worker is asked: first the points, then one smallest cluster after another. */
export type ReclusterQuestion =
  | { readonly kind: "open"; readonly ground: ClusterGround; readonly drawn: DrawnPoints }
  | { readonly kind: "cut"; readonly least: number };

/** What it answers to each smallest cluster. */
export type ReclusterAnswer =
  | { readonly kind: "cut"; readonly found: Reclustering }
  | { readonly kind: "fault"; readonly report: FaultReport };

let open: Reclusterer | null = null;

addEventListener("message", ({ data }: MessageEvent<ReclusterQuestion>) => {
  if (data.kind === "open") {
    open = new Reclusterer(data.ground, data.drawn);
    return;
  }
  if (!open) return;
  try {
    const found = open.cut(data.least);
    postMessage({ kind: "cut", found } satisfies ReclusterAnswer, { transfer: [found.cluster.buffer] });
  } catch (error) {
    postMessage({ kind: "fault", report: reportOf(error) } satisfies ReclusterAnswer);
  }
});
