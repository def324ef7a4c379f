"use client";
import { type Rubric, type RubricField, type RubricScale, reservedKeys } from "#lib/model/rubric.ts";
import { Button } from "./button.tsx";

interface RubricExtrasProps {
  readonly rubric: Rubric;
  readonly onChange: (rubric: Rubric) => void;
}

const [mostScales, mostFields] = [5, 5];

/** A key that nothing of the rubric has yet; empty where all are taken. */
export function freeKey({ labels, scales, fields }: Rubric, keys: string): string {
  const taken = new Set([...labels, ...scales, ...fields].map(({ hotkey }) => hotkey));
  return keys.split("").find((key) => !reservedKeys.includes(key) && !taken.has(key)) ?? "";
}

const letters = "qwrtyzuiopdghlvbnm";

/** Numbers and texts that people give beside a label. */
export function RubricExtras({ rubric, onChange }: RubricExtrasProps) {
  const { scales, fields } = rubric;
  const setScale = (at: number, changed: Partial<RubricScale>) =>
    onChange({ ...rubric, scales: scales.map((scale, place) => (place === at ? { ...scale, ...changed } : scale)) });
  const setField = (at: number, changed: Partial<RubricField>) =>
    onChange({ ...rubric, fields: fields.map((field, place) => (place === at ? { ...field, ...changed } : field)) });
  const without = <T,>(list: readonly T[], at: number) => list.filter((_, place) => place !== at);
  return (
    <>
      {scales.map((scale, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a scale has nothing but its place while its name is typed
        <div key={at} className="row" style={{ marginTop: 6, flexWrap: "wrap" }}>
          <Named what={`Scale ${at + 1}`} part={scale} onChange={(changed) => setScale(at, changed)} />
          <NumberInput
            label={`Lowest of scale ${at + 1}`}
            value={scale.low}
            onChange={(low) => setScale(at, { low })}
          />
          to
          <NumberInput
            label={`Highest of scale ${at + 1}`}
            value={scale.high}
            onChange={(high) => setScale(at, { high })}
          />
          <input
            className="input input-small grow"
            aria-label={`Meaning of scale ${at + 1}`}
            placeholder="what its ends mean"
            maxLength={1000}
            value={scale.meaning}
            onChange={({ target }) => setScale(at, { meaning: target.value })}
          />
          <Remove
            what={`scale ${scale.name || at + 1}`}
            onClick={() => onChange({ ...rubric, scales: without(scales, at) })}
          />
        </div>
      ))}
      {fields.map((field, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a field has nothing but its place while its name is typed
        <div key={at} className="row" style={{ marginTop: 6 }}>
          <Named what={`Field ${at + 1}`} part={field} onChange={(changed) => setField(at, changed)} />
          <label className="field">
            <input
              type="checkbox"
              checked={field.isRequired}
              onChange={({ target }) => setField(at, { isRequired: target.checked })}
            />
            needed
          </label>
          <Remove
            what={`field ${field.name || at + 1}`}
            onClick={() => onChange({ ...rubric, fields: without(fields, at) })}
          />
        </div>
      ))}
      <div className="row" style={{ marginTop: 6 }}>
        <Button
          small
          tone="quiet"
          icon="plus"
          disabled={scales.length >= mostScales}
          onClick={() => {
            const scale = { name: "", meaning: "", hotkey: freeKey(rubric, letters), low: 1, high: 5 };
            onChange({ ...rubric, scales: [...scales, scale] });
          }}
        >
          Add a scale
        </Button>
        <Button
          small
          tone="quiet"
          icon="plus"
          disabled={fields.length >= mostFields}
          onClick={() => {
            const field = { name: "", hotkey: freeKey(rubric, letters), isRequired: false };
            onChange({ ...rubric, fields: [...fields, field] });
          }}
        >
          Add a field
        </Button>
      </div>
    </>
  );
}

interface NamedProps {
  readonly what: string;
  readonly part: { readonly name: string; readonly hotkey: string };
  readonly onChange: (changed: { readonly name?: string; readonly hotkey?: string }) => void;
}

function Named({ what, part, onChange }: NamedProps) {
  return (
    <>
      <input
        className="input input-small"
        style={{ width: 180 }}
        aria-label={what}
        placeholder={what.toLowerCase().replace(/ \d+$/, "")}
        maxLength={100}
        value={part.name}
        onChange={({ target }) => onChange({ name: target.value })}
      />
      <input
        className="input input-small"
        style={{ width: 40, textAlign: "center" }}
        aria-label={`Key of ${what.toLowerCase()}`}
        title="Letter that goes to it"
        maxLength={1}
        value={part.hotkey}
        onChange={({ target }) => onChange({ hotkey: target.value })}
      />
    </>
  );
}

interface NumberInputProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function NumberInput({ label, value, onChange }: NumberInputProps) {
  return (
    <input
      type="number"
      className="input input-small"
      style={{ width: 60 }}
      aria-label={label}
      value={value}
      onChange={({ target }) => onChange(Math.round(target.valueAsNumber || 0))}
    />
  );
}

function Remove({ what, onClick }: { readonly what: string; readonly onClick: () => void }) {
  return <Button small tone="quiet" icon="close" aria-label={`Take the ${what} away`} onClick={onClick} />;
}
