import { setTimeout as pause } from "node:timers/promises";
import type { Right } from "#lib/model/rights.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Jobs } from "#lib/ports/jobs.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { Desk } from "#lib/work/desk.ts";
import { QueueFiller } from "#lib/work/keep-filling.ts";
import type { MapKeeper } from "#lib/work/map-keeper.ts";
import { OnlineScoring, type OnlineScoringDoors } from "#lib/work/online-scoring.ts";
import { placeArrivals } from "#lib/work/place-arrivals.ts";
import { runScheduled } from "#lib/work/run-scheduled.ts";
import type { ScopeKernels } from "#lib/work/scope-kernels.ts";
import { keepSending } from "#lib/work/send-alerts.ts";
import { watchEmerging } from "#lib/work/watch-emerging.ts";
import type { Config } from "./config.ts";
import { openHook } from "./hook.ts";
import { syncSchedules } from "./jobs/saved-schedules.ts";
import { startScheduler } from "./jobs/scheduler.ts";
import type { State } from "./state/state.ts";

/** Between two looks at the saved workbooks for changed schedules. */
const syncMs = 2000;

/** Runs that began this long before the process and never ended are taken as stopped. */
const sweepAfterMs = 1000;

/** What works in the background needs. */
interface BackgroundDoors {
  readonly config: Config;
  readonly clock: Clock;
  readonly lake: Lake;
  readonly state: State;
  readonly desk: Desk;
  readonly jobs: Jobs;
  readonly kernels: ScopeKernels;
  readonly mapKeeper: MapKeeper;
  /** What rules score traffic with. */
  readonly scoring: Pick<OnlineScoringDoors, "parser" | "compiler" | "sandbox" | "model" | "limits">;
  /** Version of the program. */
  readonly engine: string;
  scope(): Promise<Scope>;
  scopeOfUser(userId: string, right: Right): Promise<Scope>;
}

/** Work that nobody asks for each time. */
export interface Background {
  /** Resolves when all of it has ended. */
  stop(): Promise<void>;
}

/** Works scheduled runs, places what arrives on kept maps, scores it by rules, watches what grows there and sends the alerts, until stopped. */
export async function startBackground(doors: BackgroundDoors): Promise<Background> {
  const { config, clock, lake, state, desk, jobs, kernels, mapKeeper, scope, scopeOfUser, engine } = doors;
  const { runs, workbooks, schedules, keptMaps, alerts } = state;
  await runs.sweep(clock.nowMs() - sweepAfterMs);
  const report = (error: unknown) => console.error("the schedules could not be looked at:", error);
  const seen = new Map<string, number>();
  const sync = () => syncSchedules({ workbooks, schedules, clock, scope }, seen);
  await sync();
  const scheduler = await startScheduler(
    { schedules, jobs, clock },
    async (data, signal) =>
      runScheduled(
        { desk, runs, workbooks, clock, engine, runScopeOf: (userId) => scopeOfUser(userId, "run") },
        await scope(),
        data,
        signal
      ),
    { report }
  );
  const timer = setInterval(() => void sync().catch(report), syncMs);
  const leaving = new AbortController();
  const hook = config.alertUrl === null ? null : openHook(config.alertUrl);
  const loop = {
    // It rejects only when it is aborted, which ends it early.
    pause: (ms: number, signal: AbortSignal) => pause(ms, undefined, { signal }).catch(() => undefined)
  };
  const placing = placeArrivals(
    {
      ...loop,
      lake,
      keptMaps,
      keeper: mapKeeper,
      watch: (reader, mapId) => watchEmerging({ alerts, keptMaps, kernels, isSent: hook !== null }, reader, mapId),
      scope,
      elapsedMs: () => performance.now(),
      report: (mapId, error) => console.error(`new traces could not be placed on the map ${mapId}:`, error)
    },
    leaving.signal
  );
  const scoring = new OnlineScoring({
    ...loop,
    ...doors.scoring,
    ...{ lake, clock, jobs, promotedScorers: state.promotedScorers, scoringRules: state.scoringRules },
    elapsedMs: () => performance.now(),
    report: (error) => console.error("the scoring rules could not be looked at:", error)
  }).run(leaving.signal);
  const filling = new QueueFiller({
    ...loop,
    ...{ lake, clock, parser: doors.scoring.parser, queueFillings: state.queueFillings },
    report: (error) => console.error("queues could not be filled by their rules:", error)
  }).run(leaving.signal);
  const sending = hook
    ? keepSending(
        {
          ...loop,
          ...{ alerts, hook, clock, publicUrl: config.publicUrl },
          report: (error) => console.error("the alerts could not be sent:", error)
        },
        leaving.signal
      )
    : Promise.resolve();
  return {
    async stop() {
      clearInterval(timer);
      leaving.abort();
      await Promise.all([placing, scoring, filling, sending]);
      await scheduler.stop();
    }
  };
}
