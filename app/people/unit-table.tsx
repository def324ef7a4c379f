"use client";
import Link from "next/link";
import { useState } from "react";
import { isBusinessUnit } from "#lib/model/scope.ts";
import { maskPaths } from "#lib/wire/masks.ts";
import type { PeopleReply } from "#lib/wire/people.ts";
import { Button } from "../_parts/button.tsx";
import { Sure } from "../_parts/sure.tsx";

interface UnitTableProps {
  readonly reply: PeopleReply;
  readonly onSave: (businessUnit: string, title: string) => void;
  readonly onRemove: (businessUnit: string) => void;
}

/** Business units: their titles, and what removing one means. */
export function UnitTable({ reply, onSave, onRemove }: UnitTableProps) {
  const [titles, setTitles] = useState<Readonly<Record<string, string>>>({});
  const [asking, setAsking] = useState<string | null>(null);
  const [added, setAdded] = useState("");
  return (
    <>
      <table className="table" aria-label="Business units">
        <thead>
          <tr>
            <th scope="col">Id</th>
            <th scope="col">Title</th>
            <th scope="col">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {reply.units.map(({ businessUnit, title, removedAtMs }) => {
            const typed = titles[businessUnit] ?? title;
            return (
              <tr key={businessUnit}>
                <td className="mono">{businessUnit}</td>
                <td>
                  {removedAtMs === null ? (
                    <input
                      className="input input-small"
                      aria-label={`Title of ${businessUnit}`}
                      maxLength={80}
                      value={typed}
                      onChange={({ target }) => setTitles({ ...titles, [businessUnit]: target.value })}
                    />
                  ) : (
                    <span className="soft">✕ {title}, removed: in nobody's reach</span>
                  )}
                </td>
                <td>
                  <span className="row people-actions">
                    {removedAtMs !== null ? (
                      <Button small onClick={() => onSave(businessUnit, title)}>
                        Bring {businessUnit} back
                      </Button>
                    ) : asking === businessUnit ? (
                      <Sure
                        about="Nobody sees its traces any more."
                        yes={`Yes, remove ${businessUnit}`}
                        onYes={() => {
                          setAsking(null);
                          onRemove(businessUnit);
                        }}
                        onKeep={() => setAsking(null)}
                      />
                    ) : (
                      <>
                        <Link className="button button-small" href={maskPaths.page(businessUnit)}>
                          Masking
                        </Link>
                        {typed.trim() !== title && typed.trim() !== "" ? (
                          <Button tone="main" small onClick={() => onSave(businessUnit, typed)}>
                            Save the title
                          </Button>
                        ) : null}
                        {reply.administersAll ? (
                          <Button
                            tone="danger"
                            small
                            aria-label={`Remove ${businessUnit}`}
                            onClick={() => setAsking(businessUnit)}
                          >
                            Remove
                          </Button>
                        ) : null}
                      </>
                    )}
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {reply.administersAll ? (
        <form
          className="row"
          aria-label="New business unit"
          onSubmit={(event) => {
            event.preventDefault();
            onSave(added, added);
            setAdded("");
          }}
        >
          <label className="field">
            A new unit
            <input
              className="input input-small"
              placeholder="lower-case-with-dashes"
              value={added}
              onChange={({ target }) => setAdded(target.value.trim())}
            />
          </label>
          <button
            type="submit"
            className="button button-small"
            disabled={!isBusinessUnit(added) || reply.units.some(({ businessUnit }) => businessUnit === added)}
          >
            Add it
          </button>
        </form>
      ) : null}
    </>
  );
}
