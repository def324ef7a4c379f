import type { BusinessUnit } from "./scope.ts";

/**
 * What lets a program send traces. Its secret is shown once, when it is made, and kept only as a digest;
 * the unit of the key is the unit of every span that comes with it, whatever the span says.
 */
export interface IngestKey {
  readonly keyId: string;
  readonly businessUnit: BusinessUnit;
  /** What people call it: the service or the team that sends. */
  readonly name: string;
  /** Spans that it may send in a second, averaged over ten; null sets no limit of its own. */
  readonly spansPerSecond: number | null;
  readonly userId: string;
  readonly createdAtMs: number;
  readonly revokedAtMs: number | null;
}
