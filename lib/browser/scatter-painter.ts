import type { RasterPoints } from "#lib/map/raster.ts";
import type { ScatterSize, ScatterView } from "./scatter-view.ts";

/** One picture of a map. */
export interface ScatterFrame {
  readonly view: ScatterView;
  readonly size: ScatterSize;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  /** Of a point, in CSS pixels. */
  readonly radius: number;
}

/** Draws points on a canvas of its own. */
export interface ScatterPainter {
  readonly kind: "webgl2" | "raster";
  readonly canvas: HTMLCanvasElement;
  /** @param points  borrowed until the next load */
  load(points: RasterPoints): void;
  draw(frame: ScatterFrame): void;
  /** Waits until what was drawn is there, for a clock that asks how long it took. */
  finish(): void;
  close(): void;
}

/** How painters are opened. */
export interface ScatterPainters {
  /** The one that always works. */
  raster(): ScatterPainter;
  /** @param onLost  the graphics card was taken away: this painter draws no more; @returns null where there is no WebGL2 */
  webgl2(onLost: () => void): ScatterPainter | null;
}

/** A frame that takes no longer is drawn by the processor: 60 of them fit into a second with room to spare, so there is nothing to win. */
const quickMs = 12;
/** Points of the frame by which the card is timed: enough to show a card that is none, and soon over even there. */
const trialPoints = 20_000;

/**
 * Draws at once by the processor, then lets the graphics card show how long it takes for some of the points and changes to
 * it where a whole frame would be faster. Without a card WebGL2 is done by the processor too, forty times slower than
 * the raster. A card that is lost hands back to the raster within the same turn.
 */
export class ScatterStage {
  readonly #show: (painter: ScatterPainter) => void;
  readonly #painters: ScatterPainters;
  readonly #now: () => number;
  readonly #raster: ScatterPainter;
  #card: ScatterPainter | null = null;
  #points: RasterPoints | null = null;
  #frame: ScatterFrame | null = null;
  /** Of its quickest frame: others may have waited for something else. */
  #rasterMs = Infinity;
  #isTried = false;

  /**
   * @param show  puts the painter's canvas on the page in place of the one before
   * @param now   milliseconds from any origin
   */
  constructor(painters: ScatterPainters, show: (painter: ScatterPainter) => void, now: () => number) {
    this.#painters = painters;
    this.#show = show;
    this.#now = now;
    this.#raster = painters.raster();
    show(this.#raster);
  }

  get kind(): ScatterPainter["kind"] {
    return (this.#card ?? this.#raster).kind;
  }

  load(points: RasterPoints): void {
    if (points.x.length !== this.#points?.x.length) {
      this.#isTried = false;
      this.#rasterMs = Infinity;
    }
    this.#points = points;
    this.#raster.load(points);
    this.#card?.load(points);
  }

  draw(frame: ScatterFrame): void {
    this.#frame = frame;
    if (this.#card) {
      this.#card.draw(frame);
      return;
    }
    const start = this.#now();
    this.#raster.draw(frame);
    this.#rasterMs = Math.min(this.#rasterMs, this.#now() - start);
  }

  /** Whether a trial of the card is due: the page gives it a moment when nothing else happens. */
  get wantsTrial(): boolean {
    return !this.#card && !this.#isTried && this.#frame !== null && this.#rasterMs > quickMs;
  }

  /** Times the card, and goes over to it where it is faster. */
  tryCard(): void {
    const [points, frame] = [this.#points, this.#frame];
    if (!this.wantsTrial || !points || !frame) return;
    this.#isTried = true;
    let isLost = false;
    const card = this.#painters.webgl2(() => {
      isLost = true;
      this.#leaveCard();
    });
    if (!card) return;
    const all = points.order ? points.order.length : points.x.length;
    const some = Math.min(all, trialPoints);
    card.load({ ...points, order: points.order ? points.order.subarray(0, some) : firstIndexes(some) });
    // The first frame compiles the shaders.
    card.draw(frame);
    card.finish();
    const start = this.#now();
    card.draw(frame);
    card.finish();
    const cardMs = ((this.#now() - start) * all) / Math.max(1, some);
    if (isLost || cardMs >= this.#rasterMs) {
      card.close();
      return;
    }
    card.load(points);
    card.draw(frame);
    this.#card = card;
    this.#show(card);
  }

  close(): void {
    this.#raster.close();
    this.#card?.close();
    this.#card = null;
    this.#points = null;
  }

  #leaveCard(): void {
    if (!this.#card) return;
    this.#card = null;
    this.#show(this.#raster);
    if (this.#frame) this.draw(this.#frame);
  }
}

function firstIndexes(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, at) => at);
}
