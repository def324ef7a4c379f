"use client";
import { roleWords } from "#lib/browser/role-words.ts";
import type { Unit } from "#lib/model/person.ts";
import { everyUnit, type Membership } from "#lib/model/rights.ts";
import type { Role } from "#lib/model/scope.ts";
import { Button } from "../_parts/button.tsx";

interface GrantBoxProps {
  /** Units that can be chosen. */
  readonly units: readonly Unit[];
  /** Roles that can be given. */
  readonly roles: readonly Role[];
  /** Whether a role can be given in every unit. */
  readonly everywhere: boolean;
  readonly value: readonly Membership[];
  readonly onChange: (memberships: readonly Membership[]) => void;
}

/** The roles of somebody, one line each. */
export function GrantBox({ units, roles, everywhere, value, onChange }: GrantBoxProps) {
  const standing = units.filter(({ removedAtMs }) => removedAtMs === null);
  const first = standing[0]?.businessUnit ?? everyUnit;
  const set = (index: number, membership: Partial<Membership>) =>
    onChange(value.map((one, at) => (at === index ? { ...one, ...membership } : one)));
  return (
    <div className="people-grant">
      {value.map(({ businessUnit, role }, index) => (
        // Lines have no identity of their own, and two may be equal while they are chosen.
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are only changed in place, added and taken away
        <div key={index} className="row">
          <select
            className="select input-small"
            aria-label="Role"
            value={role}
            onChange={({ target }) => set(index, { role: target.value as Role })}
          >
            {[...new Set([...roles, role])].map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
          <span className="soft">in</span>
          <select
            className="select input-small"
            aria-label="Business unit"
            value={businessUnit}
            onChange={({ target }) => set(index, { businessUnit: target.value })}
          >
            {everywhere ? <option value={everyUnit}>every business unit</option> : null}
            {standing.map((unit) => (
              <option key={unit.businessUnit} value={unit.businessUnit}>
                {unit.title}
              </option>
            ))}
            {businessUnit === everyUnit || standing.some((unit) => unit.businessUnit === businessUnit) ? null : (
              <option value={businessUnit}>{businessUnit}</option>
            )}
          </select>
          <span className="faint">{roleWords[role]}</span>
          <Button
            tone="quiet"
            small
            icon="close"
            aria-label={`Take away: ${role} in ${businessUnit}`}
            onClick={() => onChange(value.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <div>
        <Button small icon="plus" onClick={() => onChange([...value, { businessUnit: first, role: "expert" }])}>
          Add a role
        </Button>
      </div>
    </div>
  );
}
