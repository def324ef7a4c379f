/** What a frame of traces says before them, as JSON. */
export interface FrameHead {
  /** Hands over every verdict at once: after a loss the first that is missing is then the culprit's. */
  readonly isCareful: boolean;
  /** Calls of the first trace that were made before, 0 or more. */
  readonly skip: number;
  /** Calls that each trace takes. */
  readonly calls: readonly number[];
}
