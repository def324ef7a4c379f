"use client";
import { useId, useState } from "react";
import { findChoice, type PersonChoice } from "#lib/browser/judges.ts";
import "./people-input.css";

interface PeopleInputProps {
  readonly label: string;
  /** What it means when nobody is named. */
  readonly placeholder: string;
  /** Who can be named; null until that was read. */
  readonly choices: readonly PersonChoice[] | null;
  /** Somebody is about to be named. */
  readonly onFocus: () => void;
  /** User ids; null names nobody. */
  readonly people: readonly string[] | null;
  readonly onChange: (people: readonly string[] | null) => void;
}

/** People by their names: those who are named, and a box that takes the next. */
export function PeopleInput({ label, placeholder, choices, people, onFocus, onChange }: PeopleInputProps) {
  const [text, setText] = useState("");
  const id = useId();
  const named = people ?? [];
  const left = (choices ?? []).filter(({ userId }) => !named.includes(userId));
  const take = (choice: PersonChoice) => {
    onChange([...named, choice.userId]);
    setText("");
  };
  const drop = (userId: string) => {
    const rest = named.filter((one) => one !== userId);
    onChange(rest.length === 0 ? null : rest);
  };
  const isNobody = choices !== null && text.trim() !== "" && findChoice(left, text) === undefined;
  const trouble = isNobody ? "Nobody who may judge here is called so." : text.trim() === "" ? "" : "Press Enter first.";
  return (
    <div className="field people-input">
      <label htmlFor={id}>{label}</label>
      {named.map((userId) => {
        const name = choices?.find((choice) => choice.userId === userId)?.label ?? userId;
        return (
          <span key={userId} className="chip">
            {name}
            <button type="button" aria-label={`Without ${name}`} onClick={() => drop(userId)}>
              ×
            </button>
          </span>
        );
      })}
      <input
        id={id}
        className="input input-small"
        list={`${id}-choices`}
        autoComplete="off"
        aria-invalid={isNobody}
        placeholder={named.length > 0 ? "and …" : choices?.length === 0 ? "nobody else has an account" : placeholder}
        onFocus={onFocus}
        value={text}
        // What is written and names nobody yet is not left out in silence.
        ref={(input) => input?.setCustomValidity(trouble)}
        onChange={({ target }) => {
          const whole = left.find((choice) => choice.label === target.value);
          if (whole) take(whole);
          else setText(target.value);
        }}
        onBlur={() => {
          const meant = findChoice(left, text);
          if (meant) take(meant);
        }}
        onKeyDown={(event) => {
          const last = named.at(-1);
          if (event.key === "Backspace" && text === "" && last !== undefined) drop(last);
          if (event.key !== "Enter" || text.trim() === "") return;
          event.preventDefault();
          const meant = findChoice(left, text);
          if (meant) take(meant);
        }}
      />
      <datalist id={`${id}-choices`}>
        {left.map(({ userId, label: name }) => (
          <option key={userId} value={name} />
        ))}
      </datalist>
    </div>
  );
}
