import type { Scope } from "#lib/model/scope.ts";
import type { Annotations } from "#lib/ports/annotations.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Compiler } from "#lib/ports/compiler.ts";
import type { Jobs } from "#lib/ports/jobs.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { MapBuilder } from "#lib/ports/map-builder.ts";
import type { Runs } from "#lib/ports/runs.ts";
import type { Sandbox } from "#lib/ports/sandbox.ts";
import type { Schedules } from "#lib/ports/schedules.ts";
import type { SqlParser } from "#lib/ports/sql-parser.ts";
import type { Workbooks } from "#lib/ports/workbooks.ts";
import type { Desk } from "#lib/work/desk.ts";
import type { Starter } from "#lib/work/first-start.ts";
import type { TraceBrowser } from "#lib/work/trace-browser.ts";
import type { Config } from "./config.ts";

/** Every door, opened, and the work that holds state in memory. One per process. */
export interface Workbench {
  readonly config: Config;
  readonly clock: Clock;
  readonly lake: Lake;
  readonly parser: SqlParser;
  readonly compiler: Compiler;
  readonly sandbox: Sandbox;
  readonly maps: MapBuilder;
  readonly workbooks: Workbooks;
  readonly runs: Runs;
  readonly annotations: Annotations;
  readonly jobs: Jobs;
  readonly schedules: Schedules;
  readonly desk: Desk;
  readonly traces: TraceBrowser;
  readonly starters: readonly Starter[];
  /** Whose rights a request has: the local owner, who sees every unit of the lake. */
  scope(): Promise<Scope>;
  /** Works scheduled runs until stopped. */
  startBackground(): Promise<{ stop(): Promise<void> }>;
  close(): Promise<void>;
}
