"use client";
import { formatDay } from "#lib/browser/format.ts";
import {
  formatPopulation,
  namePopulation,
  type Population,
  type PopulationChoice,
  parsePopulation
} from "#lib/wire/map-compare.ts";

interface PopulationSelectProps {
  readonly label: string;
  readonly colour: string;
  readonly choices: readonly PopulationChoice[];
  /** A population as the address has it. */
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

/** Groups of choices in the order of the list. */
const groups: readonly (readonly [PopulationChoice["population"]["kind"], string])[] = [
  ["unit", "Business units"],
  ["agent", "Agents"],
  ["version", "Agent versions"],
  ["pass", "Passed"],
  ["fail", "Failed"],
  ["time", "Weeks"]
];

const dayMs = 86_400_000;
/** Value of the choice that shows two dates. */
const anyDays = "days";

/** One of two populations: from the list, all others than the other one, or the days from one date to another. */
export function PopulationSelect({ label, colour, choices, value, onChange }: PopulationSelectProps) {
  const listed = choices.map(({ population, traces }) => ({ population, traces, text: formatPopulation(population) }));
  const isListed = value === null || value === "others" || listed.some(({ text }) => text === value);
  const chosen = value === null ? null : parsePopulation(value);
  const choose = (next: string) => {
    if (next !== anyDays) return onChange(next === "" ? null : next);
    const weeks = choices.flatMap(({ population }) => (population.kind === "time" ? [population] : []));
    const toMs = weeks.reduce((last, week) => Math.max(last, week.toMs), 0);
    onChange(formatPopulation({ kind: "time", fromMs: toMs - 14 * dayMs, toMs: toMs - dayMs }));
  };
  return (
    <span className="row" style={{ gap: 8 }}>
      <span aria-hidden="true" className="scatter-dot" style={{ background: colour }} />
      <label className="row" style={{ gap: 6 }}>
        <strong>{label}</strong>
        <select
          className="select input-small"
          style={{ maxWidth: 300 }}
          value={isListed ? (value ?? "") : chosen?.kind === "time" ? anyDays : (value ?? "")}
          onChange={({ target }) => choose(target.value)}
        >
          <option value="">choose …</option>
          <option value="others">all others</option>
          <option value={anyDays}>from one day to another …</option>
          {isListed || !chosen || chosen.kind === "time" ? null : (
            <option value={value ?? ""}>{namePopulation(chosen, formatDay)} (0)</option>
          )}
          {groups.map(([kind, title]) => {
            const own = listed.filter(({ population }) => population.kind === kind);
            return own.length === 0 ? null : (
              <optgroup key={kind} label={title}>
                {own.map(({ population, traces, text }) => (
                  <option key={text} value={text}>
                    {namePopulation(population, formatDay)} ({traces.toLocaleString("en-US")})
                  </option>
                ))}
              </optgroup>
            );
          })}
        </select>
      </label>
      {chosen?.kind === "time" && !isListed ? <Days label={label} days={chosen} onChange={onChange} /> : null}
    </span>
  );
}

interface DaysProps {
  readonly label: string;
  readonly days: Extract<Population, { readonly kind: "time" }>;
  readonly onChange: (value: string) => void;
}

/** The first and the last day, in UTC. */
function Days({ label, days: { fromMs, toMs }, onChange }: DaysProps) {
  const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const change = (from: number, last: number) => {
    if (Number.isFinite(from) && Number.isFinite(last)) {
      onChange(formatPopulation({ kind: "time", fromMs: from, toMs: Math.max(from, last) + dayMs }));
    }
  };
  return (
    <>
      <input
        type="date"
        className="input input-small"
        aria-label={`First day of ${label}, UTC`}
        value={dateOf(fromMs)}
        onChange={({ target }) => change(Date.parse(target.value), toMs - dayMs)}
      />
      <input
        type="date"
        className="input input-small"
        aria-label={`Last day of ${label}, UTC`}
        value={dateOf(toMs - 1)}
        onChange={({ target }) => change(fromMs, Date.parse(target.value))}
      />
    </>
  );
}
