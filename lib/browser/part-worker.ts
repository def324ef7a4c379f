import { PartLayout } from "#lib/map/part-layout.ts";
import type { Places } from "#lib/map/spread-points.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import { parseTextNeighbours } from "#lib/wire/text-neighbours.ts";

/** What the worker is asked: where each trace stands on the whole map, and the nearest of each among them. */
export interface PartQuestion {
  /** Of `formatTextNeighbours`. */
  readonly bytes: Uint8Array;
  readonly places: Places;
  readonly seed: number;
}

/** What it says: how far it is, and at the end where each trace stands alone. */
export type PartAnswer =
  | { readonly kind: "progress"; readonly done: number; readonly total: number }
  | { readonly kind: "laid"; readonly places: Places; readonly untold: number }
  | { readonly kind: "fault"; readonly report: FaultReport };

const say = (answer: PartAnswer) => postMessage(answer);
/** Parts of the way that are told. */
const tellings = 25;

addEventListener("message", ({ data: { bytes, places, seed } }: MessageEvent<PartQuestion>) => {
  try {
    const part = parseTextNeighbours(bytes);
    const layout = new PartLayout(part, places, seed);
    const { epochs } = layout;
    const every = Math.ceil(epochs / tellings);
    for (let done = 0; done < epochs; ) {
      if (done % every === 0) say({ kind: "progress", done, total: epochs });
      done = layout.step();
    }
    const untold = part.owner.reduce((sum, text) => sum + (text < 0 ? 1 : 0), 0);
    say({ kind: "laid", places: layout.places(), untold });
  } catch (error) {
    say({ kind: "fault", report: reportOf(error) });
  }
});
