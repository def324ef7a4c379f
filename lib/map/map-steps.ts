import type { Checkpoint } from "./checkpoint.ts";
import { type HeldLayout, type LayoutHolder, runLayout } from "./layout.ts";
import type { MapStep, OnProgress, ResumePoint } from "./map-progress.ts";
import type { Neighbours } from "./neighbour-table.ts";
import { buildNeighbours } from "./neighbours.ts";
import type { Pack, PackedArray } from "./packed-arrays.ts";
import type { GivenVectors } from "./prepared-texts.ts";
import { principalStart } from "./principal-start.ts";
import { refineLayout } from "./refine-layout.ts";
import { buildTextVectors, type TextVectors, takeVectors } from "./text-vectors.ts";
import type { WordTable } from "./vocabulary.ts";

/** What the steps of a map before its clusters are made from. */
interface StepGround {
  readonly input: { readonly seed: number; readonly neighbours: number; readonly given?: GivenVectors | null };
  readonly texts: readonly string[];
  readonly table: WordTable;
  readonly checkpoint: Checkpoint;
  readonly onProgress: OnProgress;
}

type KeptVectors = Pick<TextVectors, "vectors" | "d" | "unseen" | "method">;

interface KeptNeighbours {
  readonly table: Neighbours;
  readonly unseen: Float32Array;
  readonly method: string;
}

/** The steps of a map before its clusters: each is taken from where it was kept, or made and kept. */
export class MapSteps {
  private readonly ground: StepGround;
  private readonly held: HeldLayout | undefined;
  private readonly from: ResumePoint | undefined;
  private readonly kept: KeptNeighbours | undefined;
  private readonly keptVectors: KeptVectors | undefined;
  private made: TextVectors | undefined;
  private said = "";

  constructor(ground: StepGround) {
    this.ground = ground;
    const { checkpoint, texts } = ground;
    this.kept = readNeighbours(checkpoint.find("neighbours"), texts.length);
    // Places say nothing without the neighbours that led to them, and vectors are not asked for once there are places.
    this.held = this.kept && readLayout(checkpoint.find("layout"), texts.length);
    this.keptVectors = this.held ? undefined : readVectors(checkpoint.find("vectors"), texts.length);
    this.from = this.held
      ? { step: "layout", share: this.held.done / this.held.total }
      : this.kept
        ? { step: "neighbours", share: 1 }
        : this.keptVectors && { step: "vectors", share: 1 };
  }

  /** How the vectors were made, in words. */
  get method(): string {
    return this.said;
  }

  tell(step: MapStep, done: number, total: number): void {
    this.ground.onProgress(step, done, total, this.from);
  }

  /** Made once, where they are not kept. */
  vectors(): TextVectors {
    this.made ??= this.keptVectors
      ? { ...this.keptVectors, keepModel: () => this.makeVectors().keepModel() }
      : this.keepVectors(this.makeVectors());
    return this.made;
  }

  /** Each text itself and as many others as asked for; and how much of each text no other has words of. */
  neighbours(): { readonly neighbours: Neighbours; readonly unseen: Float32Array } {
    if (this.kept) {
      this.said = this.kept.method;
      return { neighbours: this.kept.table, unseen: this.kept.unseen };
    }
    const { input, texts, checkpoint } = this.ground;
    const { vectors, d, unseen, method } = this.vectors();
    this.said = method;
    this.tell("neighbours", 0, 100);
    const neighbours = buildNeighbours(vectors, texts.length, d, input.neighbours + 1, input.seed, (share) =>
      this.tell("neighbours", Math.round(share * 100), 100)
    );
    const { k, index, distance } = neighbours;
    checkpoint.keep("neighbours", { k, method }, { index, distance, unseen });
    return { neighbours, unseen };
  }

  /** @param start  where a refit begins; null for a first layout */
  layout(near: Neighbours, start: Float64Array | null): Float64Array {
    const { input, checkpoint } = this.ground;
    const onEpoch = (done: number, total: number) => this.tell("layout", done, total);
    const holder: LayoutHolder = {
      held: this.held,
      offer(look, isLast) {
        if (!isLast && !checkpoint.isDue()) return;
        const { positions, done, total } = look();
        checkpoint.keep("layout", { done, total }, { positions });
      }
    };
    if (this.held) onEpoch(this.held.done, this.held.total);
    if (start) return refineLayout(start, near, input.seed, onEpoch, holder);
    return runLayout(this.firstPlaces(near), near, { seed: input.seed }, onEpoch, holder);
  }

  private firstPlaces({ n }: Neighbours): Float64Array {
    if (this.held) return new Float64Array(n * 2);
    const { vectors, d } = this.vectors();
    return principalStart(vectors, n, d, this.ground.input.seed);
  }

  private makeVectors(): TextVectors {
    const { input, texts, table } = this.ground;
    const { given, seed } = input;
    if (given) return takeVectors(texts, given.vectors, given.d, given.model);
    return buildTextVectors(texts, table, seed, (share) => this.tell("vectors", Math.round(share * 100), 100));
  }

  private keepVectors(made: TextVectors): TextVectors {
    const { vectors, d, unseen, method } = made;
    if (!this.kept && !this.ground.input.given) {
      this.ground.checkpoint.keep("vectors", { d, method }, { vectors, unseen });
    }
    return made;
  }
}

function readVectors(pack: Pack | undefined, n: number): KeptVectors | undefined {
  const [vectors, unseen] = [pack?.arrays.get("vectors"), pack?.arrays.get("unseen")];
  const { d, method } = pack?.head ?? {};
  if (typeof d !== "number" || typeof method !== "string") return undefined;
  if (!isOf(vectors, n * d) || !isOf(unseen, n)) return undefined;
  return { vectors, d, unseen, method };
}

function readNeighbours(pack: Pack | undefined, n: number): KeptNeighbours | undefined {
  const [index, distance, unseen] = ["index", "distance", "unseen"].map((name) => pack?.arrays.get(name));
  const { k, method } = pack?.head ?? {};
  if (typeof k !== "number" || typeof method !== "string") return undefined;
  if (!(index instanceof Int32Array) || index.length !== n * k) return undefined;
  if (!isOf(distance, n * k) || !isOf(unseen, n)) return undefined;
  return { table: { n, k, index, distance }, unseen, method };
}

function readLayout(pack: Pack | undefined, n: number): HeldLayout | undefined {
  const positions = pack?.arrays.get("positions");
  const { done, total } = pack?.head ?? {};
  if (typeof done !== "number" || typeof total !== "number" || !isOf(positions, n * 2)) return undefined;
  return { done, total, positions };
}

function isOf(array: PackedArray | undefined, length: number): array is Float32Array {
  return array instanceof Float32Array && array.length === length;
}
