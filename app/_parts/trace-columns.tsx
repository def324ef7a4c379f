"use client";
import { firstColumns, moveColumn, type ShownColumn, traceColumn, traceColumns } from "#lib/browser/trace-columns.ts";
import { Button } from "./button.tsx";
import { Popup } from "./popup.tsx";

interface TraceColumnsProps {
  readonly columns: readonly ShownColumn[];
  readonly onChange: (columns: readonly ShownColumn[]) => void;
}

/** Chooses the columns of the list of traces and their order. */
export function TraceColumns({ columns, onChange }: TraceColumnsProps) {
  const hidden = traceColumns.filter(({ name }) => !columns.some((shown) => shown.name === name));
  return (
    <Popup label="Columns">
      <fieldset
        className="menu-list"
        style={{ margin: 0, padding: 8, width: 240, maxHeight: "70vh", overflow: "auto" }}
      >
        <legend className="sr-only">Columns of the list</legend>
        {columns.map(({ name }, at) => (
          <div key={name} className="row" style={{ gap: 2 }}>
            <Choice
              title={traceColumn(name).title}
              isShown
              onToggle={() => onChange(columns.length > 1 ? columns.filter((one) => one.name !== name) : columns)}
            />
            <Button
              tone="quiet"
              small
              icon="up"
              disabled={at === 0}
              aria-label={`Move ${traceColumn(name).title} to the left`}
              onClick={() => onChange(moveColumn(columns, name, -1))}
            />
            <Button
              tone="quiet"
              small
              icon="down"
              disabled={at === columns.length - 1}
              aria-label={`Move ${traceColumn(name).title} to the right`}
              onClick={() => onChange(moveColumn(columns, name, 1))}
            />
          </div>
        ))}
        {hidden.map(({ name, title }) => (
          <Choice
            key={name}
            title={title}
            isShown={false}
            onToggle={() => onChange([...columns, { name, widthPx: null }])}
          />
        ))}
        <Button tone="quiet" small onClick={() => onChange(firstColumns)}>
          As it was
        </Button>
      </fieldset>
    </Popup>
  );
}

interface ChoiceProps {
  readonly title: string;
  readonly isShown: boolean;
  readonly onToggle: () => void;
}

function Choice({ title, isShown, onToggle }: ChoiceProps) {
  return (
    <label className="row grow" style={{ padding: "2px 4px", fontSize: 13, minHeight: 24 }}>
      <input type="checkbox" checked={isShown} onChange={onToggle} />
      {title}
    </label>
  );
}
