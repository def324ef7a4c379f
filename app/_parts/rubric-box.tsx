"use client";
import type { Rubric, RubricLabel } from "#lib/model/rubric.ts";
import { Button } from "./button.tsx";
import { freeKey, RubricExtras } from "./rubric-extras.tsx";

interface RubricBoxProps {
  readonly rubric: Rubric;
  readonly onChange: (rubric: Rubric) => void;
}

const mostLabels = 20;

/** The labels that people may choose, what each means and its key. */
export function RubricBox({ rubric, onChange }: RubricBoxProps) {
  const { labels, needsJustification } = rubric;
  const change = (at: number, changed: Partial<RubricLabel>) =>
    onChange({ ...rubric, labels: labels.map((label, place) => (place === at ? { ...label, ...changed } : label)) });
  const add = () => {
    const hotkey = freeKey(rubric, "123456789bdghilmnopqrtvwyz");
    onChange({ ...rubric, labels: [...labels, { name: "", meaning: "", hotkey }] });
  };
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <legend className="soft" style={{ marginBottom: 6 }}>
        What people may answer
      </legend>
      <div className="selection-rubric">
        {labels.map((label, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a label has nothing but its place while its name is typed
          <LabelRow key={at} place={at + 1} label={label} onChange={(changed) => change(at, changed)}>
            <Button
              small
              tone="quiet"
              icon="close"
              aria-label={`Take the label ${label.name || at + 1} away`}
              disabled={labels.length === 1}
              onClick={() => onChange({ ...rubric, labels: labels.filter((_, place) => place !== at) })}
            />
          </LabelRow>
        ))}
      </div>
      <div className="row" style={{ marginTop: 6 }}>
        <Button small tone="quiet" icon="plus" disabled={labels.length >= mostLabels} onClick={add}>
          Add a label
        </Button>
        <label className="field">
          <input
            type="checkbox"
            checked={needsJustification}
            onChange={({ target }) =>
              onChange({
                ...rubric,
                needsJustification: target.checked,
                hasFreeText: rubric.hasFreeText || target.checked
              })
            }
          />
          Each answer needs a reason
        </label>
      </div>
      <RubricExtras rubric={rubric} onChange={onChange} />
    </fieldset>
  );
}

interface LabelRowProps {
  readonly place: number;
  readonly label: RubricLabel;
  readonly onChange: (changed: Partial<RubricLabel>) => void;
  readonly children: React.ReactNode;
}

function LabelRow({ place, label, onChange, children }: LabelRowProps) {
  return (
    <>
      <input
        className="input input-small"
        aria-label={`Label ${place}`}
        placeholder="label"
        maxLength={100}
        value={label.name}
        onChange={({ target }) => onChange({ name: target.value })}
      />
      <input
        className="input input-small"
        aria-label={`Meaning of label ${place}`}
        placeholder="what it means"
        maxLength={1000}
        value={label.meaning}
        onChange={({ target }) => onChange({ meaning: target.value })}
      />
      <input
        className="input input-small"
        aria-label={`Key of label ${place}`}
        title="Key that chooses it"
        maxLength={1}
        style={{ textAlign: "center" }}
        value={label.hotkey}
        onChange={({ target }) => onChange({ hotkey: target.value })}
      />
      {children}
    </>
  );
}
