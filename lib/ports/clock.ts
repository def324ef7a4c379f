/** Time and chance, which the pure floors may not reach for themselves. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  nowMs(): number;
  /** A uuid v7: sorts by the time it was made. */
  newId(): string;
}
