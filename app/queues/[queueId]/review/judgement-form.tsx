"use client";
import { type ReviewFlag, reviewFlags } from "#lib/model/review.ts";
import type { RubricScale } from "#lib/model/rubric.ts";
import { Button } from "../../../_parts/button.tsx";
import { StateNotice } from "../../../_parts/state-notice.tsx";
import { LabelButtons } from "./label-buttons.tsx";
import { PairButtons } from "./pair-buttons.tsx";
import { places } from "./places.ts";
import type { ReviewWork } from "./use-review.ts";

/** The rubric of a queue, to be filled in. */
export function JudgementForm({ work }: { readonly work: ReviewWork }) {
  const { reply, draft, change, isBusy } = work;
  const { queue, open } = reply!;
  const { labels, scales, fields, needsJustification, hasFreeText } = queue.rubric;
  return (
    <>
      {open?.closed ? (
        <StateNotice
          notice={{ kind: "partial", sentence: `${open.closed}. A judgement of yours is kept all the same.` }}
        />
      ) : null}
      {open?.left ? (
        <PairButtons
          first={open.item.traceId}
          left={open.left}
          chosen={draft.label}
          onChoose={(label) => change({ label })}
        />
      ) : (
        <LabelButtons labels={labels} chosen={draft.label} onChoose={(label) => change({ label })} />
      )}
      {scales.map((scale) => (
        <Scale
          key={scale.name}
          scale={scale}
          value={draft.scales[scale.name]}
          onChange={(value) => change({ scales: { ...draft.scales, [scale.name]: value } })}
        />
      ))}
      {hasFreeText ? (
        <Written
          title={`Why${needsJustification ? " (needed)" : ""}`}
          hotkey="c"
          place={places.why}
          value={draft.note}
          onChange={(note) => change({ note })}
        />
      ) : null}
      {fields.map(({ name, hotkey, isRequired }) => (
        <Written
          key={name}
          title={`${name}${isRequired ? " (needed)" : ""}`}
          hotkey={hotkey}
          place={`field ${name}`}
          isShort
          value={draft.fields[name] ?? ""}
          onChange={(text) => change({ fields: { ...draft.fields, [name]: text } })}
        />
      ))}
      {draft.quotes.map((quote, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two quotes may be alike
        <blockquote key={at} className="review-quote row">
          <span className="grow">{quote}</span>
          <Button
            small
            tone="quiet"
            icon="close"
            aria-label={`Remove the quote ${quote.slice(0, 40)}`}
            onClick={() => change({ quotes: draft.quotes.filter((_, other) => other !== at) })}
          />
        </blockquote>
      ))}
      <details>
        <summary className="soft" style={{ fontSize: 13 }}>
          Flags <span className="kbd">f</span> and a better answer <span className="kbd">x</span>
          {draft.flags.length > 0 ? `: ${draft.flags.join(", ")}` : ""}
        </summary>
        <div className="stack" style={{ gap: 8, marginTop: 8 }}>
          {reviewFlags.map((flag, at) => (
            <label key={flag} className="row">
              <input
                type="checkbox"
                data-place={at === 0 ? places.flags : undefined}
                checked={draft.flags.includes(flag)}
                onChange={() => change({ flags: toggleFlag(draft.flags, flag) })}
              />
              {flag}
            </label>
          ))}
          <textarea
            className="input review-note"
            data-place={places.corrected}
            aria-label="What the answer should have been"
            placeholder="what the answer should have been"
            maxLength={20_000}
            value={draft.correctedOutput}
            onChange={({ target }) => change({ correctedOutput: target.value })}
          />
        </div>
      </details>
      <Button tone="main" disabled={isBusy || draft.label === null} onClick={work.submit}>
        Submit <span className="kbd">Ctrl Enter</span>
      </Button>
    </>
  );
}

/** The flags with one more, or without it. */
export function toggleFlag(flags: readonly ReviewFlag[], flag: ReviewFlag): readonly ReviewFlag[] {
  return flags.includes(flag) ? flags.filter((other) => other !== flag) : [...flags, flag];
}

interface ScaleProps {
  readonly scale: RubricScale;
  readonly value: number | undefined;
  readonly onChange: (value: number) => void;
}

function Scale({ scale, value, onChange }: ScaleProps) {
  const { name, meaning, hotkey, low, high } = scale;
  const numbers = Array.from({ length: high - low + 1 }, (_, at) => low + at);
  return (
    <fieldset className="review-scale" data-scale={name}>
      <legend className="row soft">
        <span className="grow">{name}</span>
        <span className="kbd">{hotkey}</span>
      </legend>
      <div className="review-scale-row">
        {numbers.map((number) => (
          <label key={number} className="review-scale-step">
            <input
              type="radio"
              className="sr-only"
              name={`scale ${name}`}
              aria-label={`${name} ${number}`}
              data-place={(value ?? low) === number ? `scale ${name}` : undefined}
              checked={value === number}
              onChange={() => onChange(number)}
            />
            {number}
          </label>
        ))}
      </div>
      {meaning ? <small className="soft">{meaning}</small> : null}
    </fieldset>
  );
}

interface WrittenProps {
  readonly title: string;
  readonly hotkey: string;
  readonly place: string;
  readonly isShort?: boolean;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

function Written({ title, hotkey, place, isShort = false, value, onChange }: WrittenProps) {
  return (
    <label className="stack" style={{ gap: 4 }}>
      <span className="row soft" style={{ fontSize: 13 }}>
        <span className="grow">{title}</span>
        <span className="kbd">{hotkey}</span>
      </span>
      <textarea
        className={`input review-note${isShort ? " review-note-short" : ""}`}
        data-place={place}
        maxLength={20_000}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    </label>
  );
}
