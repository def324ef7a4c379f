"use client";
import { useState } from "react";

interface PeopleInputProps {
  readonly label: string;
  /** What it means when nobody is named. */
  readonly placeholder: string;
  readonly people: readonly string[] | null;
  readonly onChange: (people: readonly string[] | null) => void;
}

/** People by their user ids, with commas between; empty names nobody. */
export function PeopleInput({ label, placeholder, people, onChange }: PeopleInputProps) {
  const [text, setText] = useState(people?.join(", ") ?? "");
  return (
    <label className="field">
      {label}
      <input
        className="input input-small"
        style={{ width: 280 }}
        placeholder={placeholder}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          const ids = target.value
            .split(",")
            .map((userId) => userId.trim())
            .filter(Boolean);
          onChange(ids.length === 0 ? null : ids);
        }}
      />
    </label>
  );
}
