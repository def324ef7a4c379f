"use client";
import { useEffect, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { PopulationChoice, PopulationsReply } from "#lib/wire/map-compare.ts";
import { paths } from "#lib/wire/paths.ts";
import { Button } from "../../_parts/button.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { PopulationSelect } from "./population-select.tsx";

interface CompareBoxProps {
  readonly mapId: string;
  /** Populations as the address has them; null where none is chosen yet. */
  readonly a: string | null;
  readonly b: string | null;
  readonly colours: readonly [string, string];
  readonly onChange: (a: string | null, b: string | null) => void;
}

/** Chooses the two populations, each with its colour. */
export function CompareBox({ mapId, a, b, colours, onChange }: CompareBoxProps) {
  const [choices, setChoices] = useState<readonly PopulationChoice[] | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  useEffect(() => {
    ask<PopulationsReply>(paths.mapCompare(mapId)).then(
      (reply) => setChoices(reply.choices),
      (error: unknown) => setFault(reportOf(error))
    );
  }, [mapId]);
  if (fault) return <StateNotice notice={{ kind: "fault", fault }} />;
  if (!choices) return <StateNotice notice={{ kind: "waiting", label: "Counting what can be compared" }} />;
  return (
    <section className="row" style={{ gap: 12, flexWrap: "wrap", minHeight: 32 }} aria-label="Compare">
      <PopulationSelect
        choices={choices}
        label="A"
        colour={colours[0]}
        value={a}
        onChange={(next) => onChange(next, b)}
      />
      <span className="soft">against</span>
      <PopulationSelect
        choices={choices}
        label="B"
        colour={colours[1]}
        value={b}
        onChange={(next) => onChange(a, next)}
      />
      {a !== null && b !== null ? (
        <Button small title="A becomes B, and B becomes A" onClick={() => onChange(b, a)}>
          Swap
        </Button>
      ) : null}
    </section>
  );
}
