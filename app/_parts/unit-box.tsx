"use client";
import { useState } from "react";

/** No name of a unit. */
const newUnit = " ";

interface UnitBoxProps {
  readonly units: readonly string[];
  /** Whether a unit that there is not yet may be named. */
  readonly mayName: boolean;
  readonly value: string;
  readonly onChange: (unit: string) => void;
}

/** A business unit of one's own, or the name of a new one. */
export function UnitBox({ units, mayName, value, onChange }: UnitBoxProps) {
  const [naming, setNaming] = useState(false);
  if (naming || units.length === 0)
    return (
      <label className="field">
        Business unit
        <input
          className="input input-small"
          style={{ width: 150 }}
          placeholder="a new unit"
          pattern="[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?"
          title="1 to 63 lower-case letters, digits and dashes"
          // biome-ignore lint/a11y/noAutofocus: the person just asked for this field
          autoFocus={naming}
          value={units.includes(value) ? "" : value}
          onChange={({ target }) => onChange(target.value.trim())}
        />
      </label>
    );
  return (
    <label className="field">
      Business unit
      <select
        className="select input-small"
        value={value}
        onChange={({ target }) => {
          setNaming(target.value === newUnit);
          onChange(target.value === newUnit ? "" : target.value);
        }}
      >
        {value === "" ? (
          <option value="" disabled>
            choose …
          </option>
        ) : null}
        {units.map((unit) => (
          <option key={unit}>{unit}</option>
        ))}
        {mayName ? <option value={newUnit}>a new one …</option> : null}
      </select>
    </label>
  );
}
