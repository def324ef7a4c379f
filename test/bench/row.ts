/** One measured thing beside its rival of the same run. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is measured against, in words. */
  readonly against: string;
  /** The rival's figure in the same unit; null where the target is absolute. */
  readonly rival?: number | null;
  /** value / rival, or value / target where the target is absolute. */
  readonly ratio: number;
  /** In words: `<= 1.2x`, `>= 50 %`. */
  readonly target: string;
  readonly met: boolean;
}

/** A named group of measurements. */
export interface Bench {
  readonly name: string;
  /** A larger subject, whose name asks for all that belong to it. */
  readonly subject?: string;
  run(): Promise<readonly BenchRow[]>;
}
