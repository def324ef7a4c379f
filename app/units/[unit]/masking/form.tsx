"use client";
import { hideableColumns, type MaskPattern, type MaskRules, maskPatterns } from "#lib/model/mask.ts";
import { Button } from "../../../_parts/button.tsx";

const patternWords: Readonly<Record<MaskPattern, readonly [name: string, about: string]>> = {
  email: ["E-mail addresses", "ann.lee@corp.test"],
  phone: ["Phone numbers", "with + and a country's code, and those of the US: +49 30 901820, (555) 123-4567"],
  card: ["Payment cards", "13 to 19 digits that hold Luhn's checksum, in groups or not"],
  iban: ["IBANs", "length by country and checksum (mod 97)"],
  ssn: ["US social security numbers", "123-45-6789"],
  ip: ["Public IP addresses", "IPv4; those of private networks stay"]
};

interface MaskFormProps {
  readonly rules: MaskRules;
  readonly onChange: (rules: MaskRules) => void;
}

/** The rules, to be changed. */
export function MaskForm({ rules, onChange }: MaskFormProps) {
  const { patterns, expressions, fields } = rules;
  const put = (at: number, change: Partial<MaskRules["expressions"][number]>) =>
    onChange({ ...rules, expressions: expressions.map((each, of) => (of === at ? { ...each, ...change } : each)) });
  return (
    <>
      <fieldset className="stack" style={{ border: 0, margin: 0, padding: 0, gap: 6 }}>
        <legend style={{ padding: 0, marginBottom: 8 }}>
          <h2>Personal data</h2>
        </legend>
        {maskPatterns.map((pattern) => (
          <label key={pattern} className="row">
            <input
              type="checkbox"
              checked={patterns.includes(pattern)}
              onChange={({ target }) =>
                onChange({
                  ...rules,
                  patterns: maskPatterns.filter((each) => (each === pattern ? target.checked : patterns.includes(each)))
                })
              }
            />
            <span>{patternWords[pattern][0]}</span>
            <span className="faint">{patternWords[pattern][1]}</span>
          </label>
        ))}
      </fieldset>
      <section className="stack" aria-labelledby="mask-expressions" style={{ gap: 8 }}>
        <h2 id="mask-expressions">Own expressions</h2>
        <p className="soft">Regular expressions (RE2), looked for in every text and in each value of JSON.</p>
        {expressions.map(({ name, pattern }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; its name is being typed
          <div key={at} className="row">
            <input
              className="input input-small"
              aria-label={`Name of expression ${at + 1}`}
              placeholder="customer number"
              maxLength={60}
              value={name}
              onChange={({ target }) => put(at, { name: target.value })}
            />
            <input
              className="input input-small mono grow"
              aria-label={`Expression ${at + 1}`}
              placeholder="KD-[0-9]{6}"
              maxLength={500}
              spellCheck={false}
              value={pattern}
              onChange={({ target }) => put(at, { pattern: target.value })}
            />
            <Button
              small
              aria-label={`Remove expression ${at + 1}`}
              onClick={() => onChange({ ...rules, expressions: expressions.filter((_, of) => of !== at) })}
            >
              Remove
            </Button>
          </div>
        ))}
        <div>
          <Button
            small
            onClick={() => onChange({ ...rules, expressions: [...expressions, { name: "", pattern: "" }] })}
          >
            Add an expression
          </Button>
        </div>
      </section>
      <section className="stack" aria-labelledby="mask-fields" style={{ gap: 8 }}>
        <h2 id="mask-fields">Fields</h2>
        <p className="soft">
          One in each line: a column of spans, or a key in attributes, resource, tool_args or tool_result. A field is
          hidden where it is, not where its value is said again.
        </p>
        <textarea
          className="input mono"
          aria-label="Fields"
          rows={4}
          spellCheck={false}
          placeholder={"user_id\nattributes.customer.email"}
          value={fields.join("\n")}
          onChange={({ target }) => onChange({ ...rules, fields: target.value === "" ? [] : target.value.split("\n") })}
        />
        <p className="faint">Columns: {hideableColumns.join(", ")}</p>
      </section>
    </>
  );
}
