"use client";
import Link from "next/link";
import { useState } from "react";
import { ask } from "#lib/browser/api.ts";
import type { PairSource } from "#lib/model/pair.ts";
import type { Queue } from "#lib/model/queue.ts";
import { paths } from "#lib/wire/paths.ts";
import { StateNotice } from "../_parts/state-notice.tsx";
import { useAttempt } from "../_parts/use-attempt.ts";

const kinds: readonly (readonly [PairSource["kind"], string])[] = [
  ["versions", "two versions of an agent"],
  ["input", "traces that begin alike"],
  ["columns", "two columns of a question"]
];

/** Makes a queue in which people say which of two traces is better. */
export function PairForm() {
  const [kind, setKind] = useState<PairSource["kind"]>("versions");
  const [seed] = useState(() => Math.floor(Math.random() * 2 ** 31));
  const [made, setMade] = useState<Queue | null>(null);
  const { isBusy, fault, attempt } = useAttempt();
  const make = async (data: FormData) => {
    const text = (name: string) => {
      const value = data.get(name);
      return typeof value === "string" ? value.trim() : "";
    };
    const sources: Readonly<Record<PairSource["kind"], PairSource>> = {
      versions: { kind: "versions", agent: text("agent"), first: text("first"), second: text("second") },
      input: { kind: "input", predicate: text("predicate") },
      columns: { kind: "columns", sql: text("sql"), first: text("first"), second: text("second") }
    };
    await attempt(async () =>
      setMade(
        await ask<Queue>(paths.queuePairs(), "POST", {
          ...{ title: text("title"), source: sources[kind], count: Number(text("count")), seed },
          reviewing: { reviewsPerItem: Number(text("reviews")), isBlind: true }
        })
      )
    );
  };
  if (made) {
    return (
      <p role="status">
        {made.items.toLocaleString("en-US")} pairs in the queue{" "}
        <Link href={paths.queuePage(made.queueId)}>{made.title}</Link>.
      </p>
    );
  }
  return (
    <form
      className="stack"
      style={{ gap: 8, marginTop: 8 }}
      onSubmit={(event) => {
        event.preventDefault();
        void make(new FormData(event.currentTarget));
      }}
    >
      <div className="row" style={{ flexWrap: "wrap" }}>
        <Field name="title" label="Title" width={240} />
        <label className="field">
          Compare
          <select
            className="select input-small"
            value={kind}
            onChange={({ target }) => setKind(kinds.find(([one]) => one === target.value)?.[0] ?? "versions")}
          >
            {kinds.map(([one, words]) => (
              <option key={one} value={one}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <Field name="count" label="Pairs" width={76} type="number" value="50" />
        <Field name="reviews" label="People who judge each" width={60} type="number" value="1" />
      </div>
      <div className="row" style={{ flexWrap: "wrap" }}>
        {kind === "versions" ? <Field name="agent" label="Agent" width={200} /> : null}
        {kind === "input" ? (
          <Field name="predicate" label="Of traces for which this holds" width={360} value="true" mono />
        ) : null}
        {kind === "columns" ? (
          <Field name="sql" label="Question" width={480} value="select a, b from my_pairs" mono />
        ) : null}
        {kind === "input" ? null : (
          <>
            <Field name="first" label={kind === "versions" ? "Version" : "Column"} width={120} />
            <Field name="second" label="against" width={120} />
          </>
        )}
        <button type="submit" className="button button-small" disabled={isBusy}>
          Make the queue
        </button>
      </div>
      {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
    </form>
  );
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly width: number;
  readonly type?: "text" | "number";
  readonly value?: string;
  readonly mono?: boolean;
}

function Field({ name, label, width, type = "text", value = "", mono = false }: FieldProps) {
  return (
    <label className="field">
      {label}
      <input
        name={name}
        type={type}
        required
        className={`input input-small${mono ? " mono" : ""}`}
        style={{ width }}
        defaultValue={value}
      />
    </label>
  );
}
