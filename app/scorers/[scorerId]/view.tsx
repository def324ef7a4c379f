"use client";
import { useCallback, useEffect, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import { paths } from "#lib/wire/paths.ts";
import type { RuleChange, ScorerReply } from "#lib/wire/scorers.ts";
import { Button } from "../../_parts/button.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { NewRule } from "./new-rule.tsx";
import { RateChart } from "./rate-chart.tsx";
import { RuleCard } from "./rule-card.tsx";
import "./scorer.css";
import { VersionList } from "./version-list.tsx";

/** Between two looks while the page is seen. */
const lookMs = 2_000;

/** A promoted scorer: which traffic it scores, what it found, and how it came to be as it is. */
export function ScorerView({ scorerId }: { readonly scorerId: string }) {
  const [value, setValue] = useState<ScorerReply | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const [failed, setFailed] = useState<FaultReport | null>(null);
  const [isMaking, setMaking] = useState(false);
  const read = useCallback(async () => {
    try {
      setValue(await ask<ScorerReply>(paths.scorer(scorerId)));
      setFault(null);
    } catch (error) {
      setFault(reportOf(error));
    }
  }, [scorerId]);
  useEffect(() => {
    void read();
    const timer = setInterval(() => document.visibilityState === "visible" && void read(), lookMs);
    return () => clearInterval(timer);
  }, [read]);
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
      setFailed(null);
    } catch (error) {
      setFailed(reportOf(error));
    }
    await read();
  };
  const change = (ruleId: string, action: RuleChange["action"]) =>
    attempt(() => ask(paths.rule(ruleId), "PATCH", { action } satisfies RuleChange));
  const [newest] = value?.versions ?? [];
  return (
    <>
      <header className="title-bar">
        <h1>{newest?.name ?? "Scorer"}</h1>
        {newest ? (
          <span className="soft">
            {newest.kind === "judge" ? "Judge" : "Scorer"} · version {newest.version} ·{" "}
            {newest.businessUnits.join(", ")}
          </span>
        ) : null}
        {newest ? (
          <span className="row" style={{ marginLeft: "auto" }}>
            <Button tone="main" aria-expanded={isMaking} onClick={() => setMaking(!isMaking)}>
              New rule
            </Button>
          </span>
        ) : null}
      </header>
      <div className="content stack" style={{ gap: 20 }}>
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {failed ? <StateNotice notice={{ kind: "fault", fault: failed }} /> : null}
        {!value && !fault ? <StateNotice notice={{ kind: "waiting", label: "Reading the scorer" }} /> : null}
        {value && newest && isMaking ? (
          <NewRule
            newest={newest}
            areas={value.areas}
            onMade={() => {
              setMaking(false);
              void read();
            }}
            onClose={() => setMaking(false)}
          />
        ) : null}
        {value && newest ? (
          <>
            <section className="stack" aria-label="Rules">
              <h2>Rules</h2>
              {value.rules.length === 0 ? (
                <StateNotice
                  notice={{
                    kind: "empty",
                    title: "No rule scores traffic with it yet.",
                    next: "Make a rule: it says which traffic, how much of it, and from when."
                  }}
                />
              ) : null}
              {value.rules.map((reply) => (
                <RuleCard
                  key={reply.rule.ruleId}
                  reply={reply}
                  newestVersion={newest.version}
                  names={value.names}
                  onChange={(action) => void change(reply.rule.ruleId, action)}
                  onRemove={() => void attempt(() => ask(paths.rule(reply.rule.ruleId), "DELETE"))}
                />
              ))}
            </section>
            <section className="stack" aria-label="Scores over time">
              <h2>Scores over time</h2>
              <RateChart points={value.days} />
            </section>
            <section className="stack" aria-label="Versions">
              <h2>Versions</h2>
              <VersionList versions={value.versions} names={value.names} />
            </section>
          </>
        ) : null}
      </div>
    </>
  );
}
