import { formatCount } from "#lib/browser/format.ts";
import { mostRandom, type PromotionGroundReply } from "#lib/wire/promotion.ts";
import type { PromotionWish } from "./use-promotion.ts";

interface PromoteChoicesProps {
  readonly ground: PromotionGroundReply;
  readonly wish: PromotionWish;
  readonly onChange: (changed: Partial<PromotionWish>) => void;
}

/** What a scorer goes on from, for whom, with which options, and what labels of people mean for it. */
export function PromoteChoices({ ground, wish, onChange }: PromoteChoicesProps) {
  const { heads, uses, units, labels, name } = ground;
  const { head, sides } = wish;
  const setSide = (label: string, side: string) => {
    const without = (list: readonly string[]) => list.filter((each) => each !== label);
    onChange({
      sides: {
        fine: side === "fine" ? [...without(sides.fine), label] : without(sides.fine),
        wrong: side === "wrong" ? [...without(sides.wrong), label] : without(sides.wrong)
      }
    });
  };
  const sideOf = (label: string) =>
    sides.fine.includes(label) ? "fine" : sides.wrong.includes(label) ? "wrong" : "none";
  return (
    <div className="promote-choices">
      <label>
        <span className="soft">Goes on from</span>
        <select
          className="input"
          value={head?.scorerId ?? ""}
          onChange={({ target }) => onChange({ head: heads.find(({ scorerId }) => scorerId === target.value) ?? null })}
        >
          <option value="">a new scorer called {name}</option>
          {heads.map((each) => (
            <option key={each.scorerId} value={each.scorerId}>
              {each.name}, version {each.version} ({each.businessUnits.join(", ")})
            </option>
          ))}
        </select>
      </label>
      {uses.length > 0 ? (
        <label>
          <span className="soft">With the options of</span>
          <select
            className="input"
            value={wish.use ?? ""}
            onChange={({ target }) => onChange({ use: target.value === "" ? null : target.value })}
          >
            {uses.map((use) => (
              <option key={use}>{use}</option>
            ))}
            <option value="">none but its own</option>
          </select>
        </label>
      ) : null}
      <label>
        <span className="soft">Beside labelled traces, others by chance</span>
        <input
          className="input num"
          type="number"
          min={0}
          max={mostRandom}
          value={wish.random}
          onChange={({ target }) =>
            onChange({ random: Math.min(mostRandom, Math.max(0, Math.round(Number(target.value) || 0))) })
          }
        />
      </label>
      <fieldset>
        <legend className="soft">For</legend>
        {units.map((unit) => (
          <label key={unit} className="row">
            <input
              type="checkbox"
              checked={wish.units.includes(unit)}
              onChange={({ target }) =>
                onChange({
                  units: target.checked ? [...wish.units, unit] : wish.units.filter((each) => each !== unit)
                })
              }
            />
            {unit}
          </label>
        ))}
      </fieldset>
      {labels.length > 0 ? (
        <fieldset className="promote-labels">
          <legend className="soft">What people’s labels mean for it</legend>
          {labels.map(({ label, traces }) => (
            <label key={label} className="row">
              <select
                className="input input-small"
                aria-label={`What ${label} means`}
                value={sideOf(label)}
                onChange={({ target }) => setSide(label, target.value)}
              >
                <option value="fine">pass</option>
                <option value="wrong">fail</option>
                <option value="none">nothing</option>
              </select>
              <span className="cut">{label}</span>
              <span className="soft">{formatCount(traces, "trace")}</span>
            </label>
          ))}
        </fieldset>
      ) : (
        <p className="soft">No trace here has a label: it cannot be held against people.</p>
      )}
    </div>
  );
}
