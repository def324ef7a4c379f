"use client";
import { useEffect, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { MaskRules } from "#lib/model/mask.ts";
import { longestTrial, type MaskTrialReply, maskPaths } from "#lib/wire/masks.ts";
import { StateNotice } from "../../../_parts/state-notice.tsx";
import { MarkedText } from "../../../_parts/trace-value.tsx";

const example =
  "Please write to ann.lee@corp.test or call +49 30 901820. The card is 4111 1111 1111 1111, the IBAN DE89 3704 0044 0532 0130 00.";
/** A trial is asked for once nothing was typed for so long. */
const pauseMs = 300;

/** A text, and what the rules would leave of it: said by the engine that hides. */
export function MaskTrial({ unit, rules }: { readonly unit: string; readonly rules: MaskRules }) {
  const [text, setText] = useState(example);
  const [shown, setShown] = useState<string | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      // A row that has just been added says nothing yet.
      const expressions = rules.expressions.filter(({ pattern }) => pattern !== "");
      const named = expressions.map(({ name, pattern }, at) => ({ name: name || `expression ${at + 1}`, pattern }));
      ask<MaskTrialReply>(
        maskPaths.trial(unit),
        "POST",
        { rules: { ...rules, expressions: named, fields: [] }, text },
        stop.signal
      ).then(
        (reply) => {
          setShown(reply.text);
          setFault(null);
        },
        (error: unknown) => stop.signal.aborted || setFault(reportOf(error))
      );
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [unit, rules, text]);
  return (
    <section className="stack" aria-labelledby="mask-trial" style={{ gap: 8 }}>
      <h2 id="mask-trial">Try it</h2>
      <textarea
        className="input"
        aria-label="A text to try the rules on"
        rows={4}
        maxLength={longestTrial}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
      <output
        aria-label="As it would be shown"
        className="card"
        style={{ padding: "8px 14px", whiteSpace: "pre-wrap", overflowWrap: "anywhere", minHeight: 40 }}
      >
        {shown === null ? <span className="faint">…</span> : <MarkedText text={shown} words="" />}
      </output>
    </section>
  );
}
