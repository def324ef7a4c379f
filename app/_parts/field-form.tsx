"use client";
import { useId, useState } from "react";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import "./entrance.css";

/** One line of a form. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly type?: "text" | "email" | "password";
  readonly autoComplete: string;
  /** What is good to know while it is filled. */
  readonly hint?: string;
  /** @throws Fault with the sentence that stands beside the field */
  readonly check?: (value: string, values: Readonly<Record<string, string>>) => unknown;
}

interface FieldFormProps {
  readonly label: string;
  readonly fields: readonly FormField[];
  readonly submit: string;
  /** What is done with what was typed; a fault that it throws stands beside a field. */
  readonly onSubmit: (values: Readonly<Record<string, string>>) => Promise<void>;
  /** The field that a fault of the server is about; the last one where it is not said. */
  readonly placeOf?: (fault: FaultReport) => string | undefined;
}

/** A form whose errors stand beside their fields. */
export function FieldForm({ label, fields, submit, onSubmit, placeOf }: FieldFormProps) {
  const id = useId();
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [faults, setFaults] = useState<Readonly<Record<string, FaultReport>>>({});
  const [busy, setBusy] = useState(false);
  const last = fields.at(-1)?.name ?? "";

  const send = async () => {
    const found: Record<string, FaultReport> = {};
    for (const { name, check } of fields) {
      try {
        check?.(values[name] ?? "", values);
      } catch (error) {
        found[name] = reportOf(error);
      }
    }
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      await onSubmit(values);
    } catch (error) {
      const fault = reportOf(error);
      setFaults({ [placeOf?.(fault) ?? last]: fault });
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="form"
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void send();
      }}
    >
      {fields.map(({ name, label: words, type = "text", autoComplete, hint }) => {
        const fault = faults[name];
        const about = fault ? `${id}-${name}-fault` : hint ? `${id}-${name}-hint` : undefined;
        return (
          <div key={name} className="form-field">
            <label htmlFor={`${id}-${name}`}>{words}</label>
            <input
              id={`${id}-${name}`}
              className={fault ? "input input-bad" : "input"}
              name={name}
              type={type}
              autoComplete={autoComplete}
              autoCapitalize="off"
              spellCheck={false}
              aria-invalid={fault !== undefined}
              aria-describedby={about}
              value={values[name] ?? ""}
              onChange={({ target }) => setValues({ ...values, [name]: target.value })}
            />
            {fault ? (
              <p id={about} className="form-fault" role="alert">
                <span className="status-bad">✕ {fault.message}</span>
                {fault.hint ? <span className="soft">{fault.hint}</span> : null}
              </p>
            ) : hint ? (
              <p id={about} className="faint form-hint">
                {hint}
              </p>
            ) : null}
          </div>
        );
      })}
      <button type="submit" className="button button-main" disabled={busy}>
        {submit}
      </button>
    </form>
  );
}
