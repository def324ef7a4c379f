import { type AuditAction, auditActions } from "#lib/model/audit.ts";

/** Actions by what they are done to, in the order of the list. */
const groups = Map.groupBy(Object.keys(auditActions) as AuditAction[], (action) => action.split(".", 1)[0]!);

const outcomes = [
  ["success", "done"],
  ["denied", "denied"],
  ["error", "failed"]
] as const;

interface AuditFilterBarProps {
  readonly asked: URLSearchParams;
  /** Names of people by their id. */
  readonly names: Readonly<Record<string, string>>;
  readonly units: readonly string[];
  onChange(name: string, text: string): void;
}

/** What is looked for: who, what, where, how it went, and when. */
export function AuditFilterBar({ asked, names, units, onChange }: AuditFilterBarProps) {
  const value = (name: string) => asked.get(name) ?? "";
  const who = value("who");
  const people = Object.entries(names).sort(([, a], [, b]) => a.localeCompare(b));
  return (
    <search className="audit-filter">
      <label className="field">
        Who
        <select className="select" value={who} onChange={({ target }) => onChange("who", target.value)}>
          <option value="">everybody</option>
          {who !== "" && !(who in names) ? <option value={who}>{who}</option> : null}
          {people.map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        What
        <select
          className="select audit-action"
          value={value("action")}
          onChange={({ target }) => onChange("action", target.value)}
        >
          <option value="">everything</option>
          {[...groups].map(([object, actions]) => (
            <optgroup key={object} label={object}>
              <option value={object}>{`${object}: all`}</option>
              {actions.map((action) => (
                <option key={action} value={action}>
                  {auditActions[action].split(/[;,]/, 1)[0]}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <label className="field">
        Business unit
        <select className="select" value={value("unit")} onChange={({ target }) => onChange("unit", target.value)}>
          <option value="">all</option>
          {units.map((unit) => (
            <option key={unit}>{unit}</option>
          ))}
        </select>
      </label>
      <label className="field">
        Outcome
        <select
          className="select"
          value={value("outcome")}
          onChange={({ target }) => onChange("outcome", target.value)}
        >
          <option value="">all</option>
          {outcomes.map(([outcome, word]) => (
            <option key={outcome} value={outcome}>
              {word}
            </option>
          ))}
        </select>
      </label>
      {(["from", "to"] as const).map((name) => (
        <label key={name} className="field">
          {name === "from" ? "From" : "To"}
          <input
            type="date"
            className="input"
            value={value(name).slice(0, 10)}
            onChange={({ target }) => onChange(name, target.value)}
          />
        </label>
      ))}
    </search>
  );
}
