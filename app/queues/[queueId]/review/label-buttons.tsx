import type { RubricLabel } from "#lib/model/rubric.ts";

interface LabelButtonsProps {
  readonly labels: readonly RubricLabel[];
  readonly chosen: string | null;
  readonly onChoose: (label: string) => void;
}

/** The labels of a rubric, one of which is chosen, each with its key and what it means. */
export function LabelButtons({ labels, chosen, onChoose }: LabelButtonsProps) {
  return (
    <fieldset className="review-labels">
      <legend className="sr-only">Labels</legend>
      {labels.map(({ name, meaning, hotkey }) => (
        <button
          key={name}
          type="button"
          className="review-label"
          aria-pressed={chosen === name}
          onClick={() => onChoose(name)}
        >
          <span className="kbd">{hotkey}</span>
          <span>{name}</span>
          {meaning ? <small>{meaning}</small> : null}
        </button>
      ))}
    </fieldset>
  );
}
