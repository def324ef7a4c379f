/** What the module of kernels/ exports; addresses are in bytes. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  seedRandom(seed: number): void;
  openSearch(n: number, others: number, slots: number, rowBytes: number, ...addresses: readonly number[]): void;
  growTree(): void;
  joinLeaves(): void;
  joinAll(from: number, to: number): void;
  fillRandomly(): void;
  sampleCandidates(): void;
  joinCandidates(from: number, to: number): number;
  openLayout(n: number, edges: number, negatives: number, ...addresses: readonly number[]): void;
  runEpoch(epoch: number, rate: number): void;
}

const PAGE = 65_536;

/** Memory of one instance of the kernels, laid out once: arrays one after another, each on a border of 16 bytes. */
export class KernelMemory {
  readonly exports: KernelExports;
  private readonly memory: WebAssembly.Memory;

  /** @param module  compiled from the bytes of kernel-bytes.ts */
  constructor(module: WebAssembly.Module) {
    this.exports = new WebAssembly.Instance(module).exports as unknown as KernelExports;
    this.memory = this.exports.memory;
  }

  /**
   * @param sizesBytes  of the arrays wanted
   * @returns their addresses; all begin as zeros
   * @throws RangeError when there is not enough memory
   */
  layOut<Name extends string>(sizesBytes: Readonly<Record<Name, number>>): Readonly<Record<Name, number>> {
    let end = 0;
    const addresses = Object.entries<number>(sizesBytes).map(([name, size]) => {
      const at = end;
      end += Math.ceil(size / 16) * 16;
      return [name, at] as const;
    });
    this.memory.grow(Math.ceil(end / PAGE));
    return Object.fromEntries(addresses) as Record<Name, number>;
  }

  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, length);
  }

  integers(at: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, at, length);
  }
}
