"use client";
import { useState } from "react";
import { rightWords } from "#lib/browser/role-words.ts";
import type { Right } from "#lib/model/rights.ts";
import type { AccountReply, ApiKeyRequest } from "#lib/wire/people.ts";

interface KeyFormProps {
  readonly account: AccountReply;
  readonly onMake: (request: ApiKeyRequest) => void;
}

/** What a new key may do: never more than its owner, whatever happens later. */
export function KeyForm({ account, onMake }: KeyFormProps) {
  const [name, setName] = useState("");
  const [rights, setRights] = useState<readonly Right[]>(["read"]);
  const [units, setUnits] = useState<readonly string[] | null>(null);
  const [days, setDays] = useState(90);
  const toggle = <T,>(all: readonly T[], one: T) =>
    all.includes(one) ? all.filter((other) => other !== one) : [...all, one];
  return (
    <form
      className="card account-key"
      aria-label="New key"
      onSubmit={(event) => {
        event.preventDefault();
        onMake({ name, rights, businessUnits: units, days });
        setName("");
      }}
    >
      <div className="row" style={{ flexWrap: "wrap" }}>
        <label className="field">
          Name
          <input
            className="input input-small"
            style={{ width: 220 }}
            placeholder="what uses it"
            maxLength={80}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <label className="field">
          Ends after
          <select className="select input-small" value={days} onChange={({ target }) => setDays(Number(target.value))}>
            {[7, 30, 90, 366].map((count) => (
              <option key={count} value={count}>
                {count === 366 ? "a year" : `${count} days`}
              </option>
            ))}
          </select>
        </label>
      </div>
      <fieldset className="account-choices">
        <legend>It may</legend>
        {account.rights.map((right) => (
          <label key={right} className="field">
            <input type="checkbox" checked={rights.includes(right)} onChange={() => setRights(toggle(rights, right))} />
            {rightWords[right]}
          </label>
        ))}
      </fieldset>
      <fieldset className="account-choices">
        <legend>In</legend>
        <label className="field">
          <input
            type="checkbox"
            checked={units === null}
            onChange={() => setUnits(units === null ? account.businessUnits.slice(0, 1) : null)}
          />
          every unit of mine
        </label>
        {units === null
          ? null
          : account.businessUnits.map((unit) => (
              <label key={unit} className="field">
                <input type="checkbox" checked={units.includes(unit)} onChange={() => setUnits(toggle(units, unit))} />
                {unit}
              </label>
            ))}
      </fieldset>
      <div className="row">
        <button
          type="submit"
          className="button button-main button-small"
          disabled={name.trim() === "" || rights.length === 0 || units?.length === 0}
        >
          Make a key
        </button>
        <span className="faint">What you may no longer do, your keys may no longer do either.</span>
      </div>
    </form>
  );
}
