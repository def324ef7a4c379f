import type { Alert } from "../model/alert.ts";
import type { Outcome, RunHead } from "../model/run.ts";

/** The health of one business unit over the newest 7 days of its data, beside the 7 days before. */
export interface UnitHealth {
  readonly businessUnit: string;
  readonly traces: number;
  readonly tracesBefore: number;
  readonly errors: number;
  readonly p95DurationMs: number | null;
  readonly costUsd: number | null;
  /** Traces per day, oldest first, 14 entries. */
  readonly perDay: readonly number[];
  /** Newest verdict of each trace by scorer: pass rate of all traffic with n and 95 % interval, each weighed by its chance. */
  readonly scorers: readonly {
    readonly scorer: string;
    readonly n: number;
    readonly rate: number | null;
    readonly interval: readonly [number, number];
  }[];
  readonly newestMs: number | null;
  /** True when the time of the newest trace was made up to keep the order. */
  readonly newestSynthesised: boolean;
}

/** GET /api/home */
export interface HomeReply {
  readonly units: readonly UnitHealth[];
  readonly workbooks: readonly {
    readonly slug: string;
    readonly title: string;
    readonly savedAtMs: number;
    readonly lastRun: { readonly runId: string; readonly outcome: Outcome; readonly startedAtMs: number } | null;
    /** Next due instant of its schedule. */
    readonly nextDueMs: number | null;
  }[];
  /** The newest runs of all workbooks, at most 8. */
  readonly runs: readonly RunHead[];
  /** Clusters of kept maps that grow now, the newest first, with what the reader calls them. */
  readonly alerts: readonly (Alert & { readonly label: string })[];
  /** What stands between scorer code and this machine. */
  readonly walls: readonly string[];
  /** A sentence about who is signed in: the local owner, until sign-in exists. */
  readonly identity: string;
}

/** GET /api/runs */
export interface RunsReply {
  readonly runs: readonly RunHead[];
  readonly next: string | null;
}

/** GET /api/schema */
export interface SchemaReply {
  /** Functions of the lake's own that a question may call. */
  readonly functions: readonly { readonly name: string; readonly call: string; readonly about: string }[];
  readonly views: readonly {
    readonly name: string;
    readonly about: string;
    readonly columns: readonly {
      readonly name: string;
      readonly type: string;
      readonly unit: string | null;
      readonly about: string;
    }[];
  }[];
}
