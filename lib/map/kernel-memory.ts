import { Fault } from "../model/fault.ts";

/** What the module of wasm/ exports; addresses are in bytes. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  seedRandom(seed: number): void;
  openSearch(n: number, others: number, slots: number, ...sizesAndAddresses: readonly number[]): void;
  growTree(): void;
  joinLeaves(): void;
  joinAll(from: number, to: number): void;
  fillRandomly(): void;
  sampleCandidates(): void;
  joinCandidates(from: number, to: number): number;
  measureHeld(rows: number, rowBytes: number): void;
  openLayout(n: number, negatives: number, ...addresses: readonly number[]): void;
  runEpoch(epoch: number, rate: number, four: number): void;
  multiplySparse(
    rows: number,
    start: number,
    column: number,
    value: number,
    dense: number,
    rowBytes: number,
    out: number
  ): void;
  multiplyDense(
    rows: number,
    left: number,
    leftBytes: number,
    counting: number,
    dense: number,
    rowBytes: number,
    out: number
  ): void;
  gram(rows: number, dense: number, rowBytes: number, out: number): void;
}

const PAGE = 65_536;

/** Memory of one instance of the kernels: arrays one after another, each on a border of 16 bytes. */
export class KernelMemory {
  readonly exports: KernelExports;
  private readonly memory: WebAssembly.Memory;

  /** @param module  compiled from the bytes of kernel-bytes.ts */
  constructor(module: WebAssembly.Module) {
    this.exports = new WebAssembly.Instance(module).exports as unknown as KernelExports;
    this.memory = this.exports.memory;
  }

  /**
   * Lays the memory out, and anew when called again; arrays of before are then lost.
   *
   * @param sizesBytes  of the arrays wanted
   * @returns their addresses; the first time all begin as zeros
   * @throws Fault `limit` when there is not that much memory
   */
  layOut<Name extends string>(sizesBytes: Readonly<Record<Name, number>>): Readonly<Record<Name, number>> {
    let end = 0;
    const addresses = Object.entries<number>(sizesBytes).map(([name, size]) => {
      const at = end;
      end += Math.ceil(size / 16) * 16;
      return [name, at] as const;
    });
    const pages = Math.ceil(end / PAGE) - this.memory.buffer.byteLength / PAGE;
    if (pages > 0) this.grow(pages);
    return Object.fromEntries(addresses) as Record<Name, number>;
  }

  private grow(pages: number): void {
    try {
      this.memory.grow(pages);
    } catch (cause) {
      const megabytes = Math.round((pages * PAGE) / 2 ** 20);
      throw new Fault("limit", `there are no ${megabytes} MB of memory left for this step of the map`, {
        hint: "Map a sample of the traces.",
        cause
      });
    }
  }

  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, length);
  }

  doubles(at: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, at, length);
  }

  wholes(at: number, length: number): Int16Array {
    return new Int16Array(this.memory.buffer, at, length);
  }

  bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, at, length);
  }

  integers(at: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, at, length);
  }
}

/** Numbers of a row in memory: whole blocks of eight, as the kernels read them. */
export function paddedRow(length: number): number {
  return Math.ceil(length / 8) * 8;
}

/** Copies rows beside each other into longer rows, or the beginnings of rows into shorter ones. */
export function copyRows<Numbers extends Float32Array | Float64Array>(
  from: Numbers,
  fromWidth: number,
  to: Numbers,
  toWidth: number
): Numbers {
  if (fromWidth === toWidth) {
    to.set(from);
    return to;
  }
  const width = Math.min(fromWidth, toWidth);
  const rows = Math.min(from.length / fromWidth, to.length / toWidth);
  for (let row = 0; row < rows; row++) {
    to.set(from.subarray(row * fromWidth, row * fromWidth + width), row * toWidth);
  }
  return to;
}
