"use client";
import "./selection.css";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { formatCost } from "#lib/browser/format.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import { type LabelSource, labelSplits, leastLabelled, leastOfSide } from "#lib/model/label-sides.ts";
import type { DraftLabelsReply, DraftPlanReply, DraftReply, DraftRequest } from "#lib/wire/drafts.ts";
import { paths } from "#lib/wire/paths.ts";
import { StateNotice } from "./state-notice.tsx";
import { useAnswer } from "./trace-answer.tsx";
import { useReply } from "./use-reply.ts";

/** What a label means for a scorer; empty where nobody said it yet. */
type Side = "" | "wrong" | "fine" | "left out";

/** Drafts a scorer from the labels of a queue or dataset: which labels mean what is asked, and what is missing is said. */
export function LabelDraft({ source }: { readonly source: LabelSource }) {
  const [unit, setUnit] = useState<string | null>(null);
  const { value, fault } = useAnswer<DraftLabelsReply>(paths.draftLabels(source, unit));
  if (fault) return <StateNotice notice={{ kind: "fault", fault }} />;
  if (!value) return <StateNotice notice={{ kind: "waiting", label: "Counting the labels" }} />;
  const labelled = value.labels.some(({ traces }) => traces > 0);
  return (
    <section className="selection-panel" aria-label="Draft a scorer from these labels">
      {value.businessUnits.length > 1 ? (
        <label className="field">
          Business unit
          <select
            className="select input-small"
            value={value.businessUnit ?? ""}
            onChange={({ target }) => setUnit(target.value)}
          >
            <option value="" disabled>
              choose one
            </option>
            {value.businessUnits.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      ) : null}
      {value.businessUnit === null ? (
        <p className="soft">A scorer is drafted from the labels of one business unit.</p>
      ) : labelled ? (
        <DraftForm key={value.businessUnit} source={source} labels={value} businessUnit={value.businessUnit} />
      ) : (
        <StateNotice
          notice={{
            kind: "empty",
            title: "Nobody has labelled any of these traces yet.",
            next: `A draft needs ${leastLabelled} labelled traces, at least ${leastOfSide} that went wrong and ${leastOfSide} that did not.${value.onSteps > 0 ? " Labels of single steps do not count." : ""}`
          }}
        />
      )}
    </section>
  );
}

interface DraftFormProps {
  readonly source: LabelSource;
  readonly labels: DraftLabelsReply;
  readonly businessUnit: string;
}

function DraftForm({ source, labels: { labels, modelId }, businessUnit }: DraftFormProps) {
  const router = useRouter();
  const [sides, setSides] = useState<Readonly<Record<string, Side>>>({});
  const [budget, setBudget] = useState("");
  const [fault, setFault] = useState<FaultReport | null>(null);
  const [isBusy, setBusy] = useState(false);
  const ofSide = (side: Side) => labels.flatMap(({ label }) => (sides[label] === side ? [label] : []));
  const [wrong, fine] = [ofSide("wrong"), ofSide("fine")];
  const open = labels.filter(({ label, traces }) => traces > 0 && (sides[label] ?? "") === "");
  const isSaid = open.length === 0 && wrong.length > 0 && fine.length > 0;
  const request: DraftRequest = {
    ...{ source, businessUnit, sides: { wrong, fine } },
    budgetUsd: modelId === null || budget.trim() === "" ? null : Number(budget)
  };
  const plan = useReply<DraftPlanReply>(paths.draftPlan(), isSaid ? { ...request, budgetUsd: null } : null);
  const draft = async () => {
    setBusy(true);
    setFault(null);
    try {
      const { slug } = await ask<DraftReply>(paths.drafts(), "POST", request);
      router.push(`/workbooks/${slug}`);
    } catch (error) {
      setFault(reportOf(error));
      setBusy(false);
    }
  };
  const isReady = isSaid && !plan.waiting && plan.value?.missing === null && !isBusy;
  return (
    <form
      className="stack"
      style={{ gap: 12 }}
      onSubmit={(event) => {
        event.preventDefault();
        void draft();
      }}
    >
      <p className="soft" style={{ fontSize: 13 }}>
        A scorer drafted from these labels and the reasons for them, in a workbook that measures it. Which labels mean
        that the agent's work went wrong?
      </p>
      <table className="table" aria-label="What the labels mean">
        <thead>
          <tr>
            <th>Label</th>
            <th>Meaning</th>
            <th className="right">Traces</th>
            <th className="right">With a reason</th>
            <th>The agent's work</th>
          </tr>
        </thead>
        <tbody>
          {labels.map(({ label, meaning, traces, justified }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td className="soft">{meaning}</td>
              <td className="right num">{traces.toLocaleString("en-US")}</td>
              <td className="right num">{justified.toLocaleString("en-US")}</td>
              <td>
                <select
                  className="select input-small"
                  aria-label={`What ${label} means`}
                  value={sides[label] ?? ""}
                  onChange={({ target }) => setSides({ ...sides, [label]: target.value as Side })}
                >
                  <option value="">choose …</option>
                  <option value="wrong">went wrong</option>
                  <option value="fine">did not go wrong</option>
                  <option value="left out">left out</option>
                </select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {modelId === null ? (
        <p className="soft">
          No model is configured: the draft is a checklist of words and tools, which knows no meanings.
        </p>
      ) : (
        <label className="field" style={{ flexWrap: "wrap" }}>
          {modelId} may write a rubric and judge by it, for at most US $
          <input
            type="number"
            className="input input-small"
            style={{ width: 90 }}
            min={0}
            step="any"
            placeholder="nothing"
            value={budget}
            onChange={({ target }) => setBudget(target.value)}
          />
          <span className="soft">
            {plan.value && plan.value.rubricUsd !== null
              ? `The rubric costs about ${formatCost(plan.value.rubricUsd)}; what judging costs stands at its cells.`
              : "Left empty, the draft is a checklist of words and tools."}
          </span>
        </label>
      )}
      {isSaid ? (
        <PlanText plan={plan.value} waiting={plan.waiting} fault={plan.fault} />
      ) : (
        <p className="soft" role="status">
          {open.length > 0
            ? `Say what ${open.map(({ label }) => label).join(", ")} means.`
            : "Say which label means that it went wrong, and which that it did not."}
        </p>
      )}
      <div className="row">
        <button type="submit" className="button button-main button-small" disabled={!isReady}>
          {isBusy ? "Drafting …" : "Draft the scorer"}
        </button>
      </div>
      {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
    </form>
  );
}

interface PlanTextProps {
  readonly plan: DraftPlanReply | null;
  readonly waiting: boolean;
  readonly fault: FaultReport | null;
}

/** What the draft would be made of, and what is missing. */
function PlanText({ plan, waiting, fault }: PlanTextProps) {
  if (fault) return <StateNotice notice={{ kind: "fault", fault }} />;
  if (!plan) return <StateNotice notice={{ kind: "waiting", label: "Counting what counts" }} />;
  const { wrong, fine, ties, leftOut, justified, parts, missing } = plan;
  const left = [
    ties > 0 ? `${ties.toLocaleString("en-US")} on which people are split evenly` : "",
    leftOut > 0 ? `${leftOut.toLocaleString("en-US")} that count for neither` : ""
  ].filter(Boolean);
  return (
    <div role="status" aria-busy={waiting} className="stack" style={{ gap: 8 }}>
      <p className="num">
        {wrong.toLocaleString("en-US")} went wrong, {fine.toLocaleString("en-US")} did not;{" "}
        {justified.toLocaleString("en-US")} have a reason.{left.length > 0 ? ` Left out: ${left.join("; ")}.` : ""}
        {parts
          ? ` Split by trace: ${labelSplits.map((split) => `${split} ${(parts[split].wrong + parts[split].fine).toLocaleString("en-US")}`).join(", ")}.`
          : ""}
      </p>
      {missing ? (
        <StateNotice
          notice={{ kind: "empty", title: `There can be no draft yet: ${missing.message}.`, next: missing.hint }}
        />
      ) : null}
    </div>
  );
}
