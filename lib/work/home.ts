import type { Alert } from "#lib/model/alert.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Alerts } from "#lib/ports/alerts.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Runs } from "#lib/ports/runs.ts";
import type { Schedules } from "#lib/ports/schedules.ts";
import type { Workbooks } from "#lib/ports/workbooks.ts";
import type { HomeReply, UnitHealth } from "#lib/wire/home.ts";
import { clusterNamer } from "./read-emerging.ts";
import type { TraceBrowser } from "./trace-browser.ts";
import { number, type Row, text } from "./trace-rows.ts";

const dayMs = 86_400_000;
const recentRuns = 8;

/** What Home is read with. */
export interface HomeDoors {
  readonly traces: TraceBrowser;
  readonly workbooks: Workbooks;
  readonly runs: Runs;
  readonly schedules: Schedules;
  readonly alerts: Pick<Alerts, "list">;
  readonly keptMaps: Pick<KeptMaps, "list">;
  /** Sentences about what stands between scorer code and this machine. */
  readonly walls: readonly string[];
}

/** Health of every unit of the scope, its workbooks and what they last found. */
export async function readHome(doors: HomeDoors, scope: Scope): Promise<HomeReply> {
  const [units, workbooks, schedules, runs, alerts] = await Promise.all([
    doors.traces.use(scope, (kernel) => readHealth(kernel, scope.businessUnits)),
    doors.workbooks.list(scope),
    doors.schedules.list(),
    doors.runs.list(scope, { limit: recentRuns }),
    doors.alerts.list(scope)
  ]);
  return {
    units,
    workbooks: await Promise.all(
      workbooks.map(async ({ slug, title, savedAtMs }) => {
        const [last] = await doors.runs.list(scope, { workbook: slug, limit: 1 });
        return {
          slug,
          title,
          savedAtMs,
          lastRun: last ? { runId: last.runId, outcome: last.outcome, startedAtMs: last.startedAtMs } : null,
          nextDueMs: schedules.find((schedule) => schedule.slug === slug)?.nextDueMs ?? null
        };
      })
    ),
    runs,
    alerts: await nameAlerts(doors, scope, alerts),
    walls: doors.walls,
    identity:
      scope.userId === "owner"
        ? "You are the local owner of this workbench. It answers this machine only and asks for no password."
        : `You are signed in as ${scope.userId}.`
  };
}

/** Alerts that stand, with what the reader calls their clusters. */
async function nameAlerts(
  { keptMaps }: Pick<HomeDoors, "keptMaps">,
  scope: Scope,
  alerts: readonly Alert[]
): Promise<HomeReply["alerts"]> {
  const standing = alerts.filter(({ endedAtMs }) => endedAtMs === null);
  if (standing.length === 0) return [];
  const namers = new Map((await keptMaps.list(scope)).map((map) => [map.mapId, clusterNamer(map, scope)]));
  return standing.map((alert) => ({
    ...alert,
    label: namers.get(alert.mapId)?.(alert.businessUnit, alert.clusterId) ?? ""
  }));
}

/**
 * Health of units over the 7 days up to the newest trace of each, beside the 7 days before. Data that is
 * imported late is so judged by its own time, not by today's.
 */
export async function readHealth(kernel: Kernel, units: readonly string[]): Promise<readonly UnitHealth[]> {
  const rows = await kernel.rows(
    `select t.business_unit, epoch_ms(any_value(e.newest)) as newest_ms,
      count(*) filter (t.started_at > e.newest - interval 7 day) as traces,
      count(*) filter (t.started_at <= e.newest - interval 7 day) as traces_before,
      count(*) filter (t.started_at > e.newest - interval 7 day and (t.status = 'error' or t.errors > 0)) as errors,
      quantile_cont(t.duration_ms, 0.95) filter (t.started_at > e.newest - interval 7 day) as p95,
      sum(t.cost_usd) filter (t.started_at > e.newest - interval 7 day) as cost,
      coalesce(bool_or(t.time_source = 'synthesised') filter (t.started_at = e.newest), false) as newest_synthesised
    from traces t join (select business_unit, max(started_at) as newest from traces group by business_unit) e using (business_unit)
    where t.started_at > e.newest - interval 14 day
    group by t.business_unit`,
    {},
    10_000
  );
  const days = await kernel.rows(
    `select t.business_unit, floor((epoch_ms(e.newest) - epoch_ms(t.started_at)) / ${dayMs}.0)::integer as back, count(*) as n
    from traces t join (select business_unit, max(started_at) as newest from traces group by business_unit) e using (business_unit)
    where t.started_at > e.newest - interval 14 day group by t.business_unit, back`,
    {},
    1_000_000
  );
  const scores = await kernel.rows(
    `select s.business_unit, s.scorer, count(*) as n, weighted_rate(s.pass, s.sampling_probability) as rate,
      weighted_low(s.pass, s.sampling_probability) as low, weighted_high(s.pass, s.sampling_probability) as high
    from (
      select * from scores where status = 'ok' and pass is not null
      qualify row_number() over (partition by business_unit, trace_id, span_id, scorer order by scored_at desc, score_id) = 1
    ) s group by s.business_unit, s.scorer order by s.business_unit, n desc, s.scorer`,
    {},
    10_000
  );
  return units.map((unit) => {
    const of = (row: Row) => row["business_unit"] === unit;
    const row = rows.find(of) ?? {};
    const perDay = new Array<number>(14).fill(0);
    for (const day of days.filter(of)) perDay[13 - Math.min(13, number(day, "back") ?? 0)] = number(day, "n") ?? 0;
    return {
      businessUnit: unit,
      traces: number(row, "traces") ?? 0,
      tracesBefore: number(row, "traces_before") ?? 0,
      errors: number(row, "errors") ?? 0,
      p95DurationMs: number(row, "p95"),
      costUsd: number(row, "cost"),
      perDay,
      scorers: scores.filter(of).map((score) => ({
        scorer: text(score, "scorer") ?? "",
        n: number(score, "n") ?? 0,
        rate: number(score, "rate"),
        interval: [number(score, "low") ?? 0, number(score, "high") ?? 1]
      })),
      newestMs: number(row, "newest_ms"),
      newestSynthesised: row["newest_synthesised"] === true
    };
  });
}
