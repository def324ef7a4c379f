"use client";
import Link from "next/link";
import { outcomeLooks } from "#lib/browser/outcome-words.ts";
import type { HomeReply, UnitHealth } from "#lib/wire/home.ts";
import { paths } from "#lib/wire/paths.ts";
import { emptyLake } from "./empty-lake.tsx";
import { Fact } from "./fact.tsx";
import { HomeAlerts } from "./home-alerts.tsx";
import { HomeMentions } from "./home-mentions.tsx";
import { HomeRuns } from "./home-runs.tsx";
import { StateNotice } from "./state-notice.tsx";
import { CostText, DurationText, NumberText, RateText, TimeText } from "./text.tsx";
import { useAnswer } from "./trace-answer.tsx";
import { StatusChip } from "./trace-status.tsx";

/** Health of every unit, the workbooks, and the walls that stand. */
export function HomeView() {
  const { value, fault } = useAnswer<HomeReply>(paths.home());
  return (
    <>
      <header className="title-bar">
        <h1>Home</h1>
      </header>
      <div className="content content-prose stack" style={{ gap: 32 }}>
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {!value && !fault ? (
          <StateNotice notice={{ kind: "waiting", label: "Reading the health of every unit" }} />
        ) : null}
        <HomeMentions />
        {value ? <Health units={value.units} /> : null}
        {value ? <HomeAlerts alerts={value.alerts} /> : null}
        {value ? <Books workbooks={value.workbooks} /> : null}
        {value ? <HomeRuns runs={value.runs} /> : null}
        {value ? (
          <section className="soft" aria-label="Who and what may do what" style={{ fontSize: 13 }}>
            <p>{value.identity}</p>
            {value.walls.length > 0 ? <p>Scorer code runs behind: {value.walls.join(" · ")}.</p> : null}
          </section>
        ) : null}
      </div>
    </>
  );
}

function Health({ units }: { readonly units: readonly UnitHealth[] }) {
  return (
    <section aria-label="Business units">
      <h2 style={{ marginBottom: 4 }}>Business units</h2>
      <p className="soft" style={{ marginBottom: 12, fontSize: 13 }}>
        The 7 days up to the newest trace of each unit, beside the 7 days before.
      </p>
      {units.length === 0 ? (
        <StateNotice notice={emptyLake} />
      ) : (
        <div style={{ display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(272px, 1fr))", gap: 16 }}>
          {units.map((unit) => (
            <UnitCard key={unit.businessUnit} unit={unit} />
          ))}
        </div>
      )}
    </section>
  );
}

function UnitCard({ unit }: { readonly unit: UnitHealth }) {
  const change = unit.tracesBefore > 0 ? (unit.traces - unit.tracesBefore) / unit.tracesBefore : null;
  return (
    <article className="card stack" style={{ padding: 16, gap: 12 }}>
      <header className="row">
        <h3 className="grow">
          <Link href={`/traces?unit=${encodeURIComponent(unit.businessUnit)}`}>{unit.businessUnit}</Link>
        </h3>
        <span className="faint" style={{ fontSize: 12 }}>
          {unit.newestMs === null ? (
            "no traces"
          ) : (
            <TimeText short atMs={unit.newestMs} synthesised={unit.newestSynthesised} />
          )}
        </span>
      </header>
      <div className="row" style={{ alignItems: "flex-end" }}>
        <div className="grow">
          <div style={{ fontSize: 24, fontWeight: 600, lineHeight: 1.2 }}>
            <NumberText value={unit.traces} />
          </div>
          <div className="soft" style={{ fontSize: 13 }}>
            traces{" "}
            {change === null
              ? "· none before"
              : `· ${change >= 0 ? "▲" : "▼"} ${Math.abs(Math.round(change * 100))} % in a week`}
          </div>
        </div>
        <Sparkline counts={unit.perDay} />
      </div>
      <dl className="row" style={{ gap: 24, fontSize: 13 }}>
        <Fact word="with errors">
          <span className={unit.errors > 0 ? "status-bad" : ""}>
            {unit.errors > 0 ? "✕ " : ""}
            <NumberText value={unit.errors} />
          </span>
        </Fact>
        <Fact word="p95 duration">
          <DurationText ms={unit.p95DurationMs} />
        </Fact>
        <Fact word="cost">
          <CostText usd={unit.costUsd} />
        </Fact>
      </dl>
      {unit.scorers.length > 0 ? (
        <ul style={{ listStyle: "none", padding: "8px 0 0", borderTop: "1px solid var(--line)", fontSize: 13 }}>
          {unit.scorers.slice(0, 4).map(({ scorer, rate, n, interval }) => (
            <li key={scorer} className="row">
              <span className="grow" style={{ overflow: "hidden", textOverflow: "ellipsis" }}>
                {scorer}
              </span>
              <RateText rate={rate} interval={interval} n={n} />
            </li>
          ))}
        </ul>
      ) : (
        <p className="faint" style={{ fontSize: 13 }}>
          Nothing scored yet.
        </p>
      )}
    </article>
  );
}

function Sparkline({ counts }: { readonly counts: readonly number[] }) {
  const most = Math.max(1, ...counts);
  return (
    <svg width="126" height="36" role="img" aria-label={`Traces per day, oldest first: ${counts.join(", ")}`}>
      {counts.map((count, at) => {
        const tall = count === 0 ? 1 : Math.max(2, (34 * count) / most);
        return (
          <rect
            key={at.toString()}
            x={at * 9}
            y={36 - tall}
            width="7"
            height={tall}
            rx="1"
            fill={count === 0 ? "var(--line)" : "var(--mark)"}
          />
        );
      })}
    </svg>
  );
}

function Books({ workbooks }: { readonly workbooks: HomeReply["workbooks"] }) {
  return (
    <section aria-label="Workbooks">
      <h2 style={{ marginBottom: 8 }}>Workbooks</h2>
      {workbooks.length === 0 ? (
        <StateNotice
          notice={{
            kind: "empty",
            title: "There are no workbooks yet.",
            next: <Link href="/workbooks">Make the first one</Link>
          }}
        />
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>Workbook</th>
              <th>Last run</th>
              <th>When</th>
              <th>Next due</th>
            </tr>
          </thead>
          <tbody>
            {workbooks.map(({ slug, title, lastRun, nextDueMs }) => (
              <tr key={slug}>
                <td>
                  <Link href={`/workbooks/${slug}`}>{title}</Link>
                </td>
                <td>
                  {lastRun ? (
                    <Link href={`/runs/${lastRun.runId}`}>
                      <StatusChip look={outcomeLooks[lastRun.outcome]} />
                    </Link>
                  ) : (
                    <span className="faint">never ran</span>
                  )}
                </td>
                <td>{lastRun ? <TimeText atMs={lastRun.startedAtMs} /> : <span className="faint">–</span>}</td>
                <td>{nextDueMs === null ? <span className="faint">by hand</span> : <TimeText atMs={nextDueMs} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
