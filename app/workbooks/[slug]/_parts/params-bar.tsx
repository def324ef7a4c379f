"use client";
import type { ParamSpec, ParamValue } from "#lib/model/cell.ts";

interface ParamsBarProps {
  readonly specs: Readonly<Record<string, ParamSpec>>;
  readonly choices: Readonly<Record<string, readonly string[]>>;
  readonly values: Readonly<Record<string, ParamValue>>;
  readonly onChange: (name: string, value: ParamValue) => void;
}

/** The workbook's parameters as controls. */
export function ParamsBar({ specs, choices, values, onChange }: ParamsBarProps) {
  return (
    <div className="params-bar">
      {Object.entries(specs).map(([name, spec]) => {
        const value = values[name] ?? spec.default;
        return (
          <div key={name} className="field">
            <label className="soft" htmlFor={`param-${name}`}>
              {spec.label ?? name}
            </label>
            {spec.type === "boolean" ? (
              <input
                id={`param-${name}`}
                type="checkbox"
                checked={value === true}
                onChange={({ target }) => onChange(name, target.checked)}
              />
            ) : spec.type === "choice" ? (
              <select
                id={`param-${name}`}
                className="select"
                value={String(value)}
                onChange={({ target }) => onChange(name, target.value)}
              >
                {[...new Set([String(spec.default), ...(choices[name] ?? spec.options ?? [])])].map((option) => (
                  <option key={option}>{option}</option>
                ))}
              </select>
            ) : spec.type === "number" ? (
              <input
                id={`param-${name}`}
                className="input input-small"
                type="number"
                step="any"
                min={spec.min}
                max={spec.max}
                value={String(value)}
                onChange={({ target }) => target.value !== "" && onChange(name, Number(target.value))}
              />
            ) : (
              <input
                id={`param-${name}`}
                className="input input-small"
                value={String(value)}
                onChange={({ target }) => onChange(name, target.value)}
              />
            )}
          </div>
        );
      })}
    </div>
  );
}
