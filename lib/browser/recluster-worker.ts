import { type DrawnPoints, Reclusterer, type Reclustering } from "#lib/map/recluster.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import { parseClusterGround } from "#lib/wire/cluster-ground.ts";

/** What the worker is asked: first the points, then one smallest cluster after another. */
export type ReclusterQuestion =
  | { readonly kind: "open"; readonly ground: Uint8Array; readonly drawn: DrawnPoints }
  | { readonly kind: "cut"; readonly least: number };

/** What it answers to each smallest cluster. */
export type ReclusterAnswer =
  | { readonly kind: "cut"; readonly found: Reclustering }
  | { readonly kind: "fault"; readonly report: FaultReport };

let open: Reclusterer | null = null;
/** Why the points could not be opened. */
let refusal: FaultReport | null = null;

addEventListener("message", ({ data }: MessageEvent<ReclusterQuestion>) => {
  try {
    if (data.kind === "open") {
      open = new Reclusterer(parseClusterGround(data.ground), data.drawn);
      return;
    }
    if (!open) {
      postMessage({ kind: "fault", report: refusal ?? reportOf(new Error("no points yet")) } satisfies ReclusterAnswer);
      return;
    }
    const found = open.cut(data.least);
    postMessage({ kind: "cut", found } satisfies ReclusterAnswer, { transfer: [found.cluster.buffer] });
  } catch (error) {
    refusal = reportOf(error);
    // Who opens waits for no answer: the first cut says what was wrong.
    if (data.kind === "open") return;
    postMessage({ kind: "fault", report: refusal } satisfies ReclusterAnswer);
  }
});
