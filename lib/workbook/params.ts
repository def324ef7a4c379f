import type { ParamSpec, ParamValue, Workbook } from "#lib/model/cell.ts";
import { Fault } from "#lib/model/fault.ts";
import { isCellName } from "./names.ts";
import { refuseUnknownKeys, type YamlMap } from "./yaml-map.ts";

const keysOf: Readonly<Record<ParamSpec["type"], readonly string[]>> = {
  text: ["type", "default", "label"],
  number: ["type", "default", "label", "min", "max"],
  date: ["type", "default", "label"],
  boolean: ["type", "default", "label"],
  choice: ["type", "default", "label", "options", "from"]
};

/**
 * Reads one parameter of the front matter.
 *
 * @throws Fault `invalid` with the position in the workbook's text
 */
export function parseParamSpec(map: YamlMap, name: string): ParamSpec {
  const params = map.values["params"] as Record<string, unknown>;
  const spec = params[name] as Record<string, unknown> | null;
  const refuse = (message: string, field: string | null, hint?: string): never => {
    const path = field === null ? ["params", name] : ["params", name, field];
    throw new Fault("invalid", `parameter "${name}" ${message}`, { position: map.position(...path), hint });
  };
  if (!isCellName(name)) refuse("cannot be called so", null, "Use letters, digits and underscores.");
  if (typeof spec !== "object" || spec === null || Array.isArray(spec)) {
    return refuse("is no mapping", null, "Write { type: date, default: -7d }.");
  }
  const type = spec["type"] as ParamSpec["type"];
  if (typeof type !== "string" || !Object.hasOwn(keysOf, type)) {
    return refuse(`has no type "${String(spec["type"])}"`, "type", `Use ${Object.keys(keysOf).join(", ")}.`);
  }
  refuseUnknownKeys(map, keysOf[type], ["params", name], `parameter "${name}"`);
  const label = spec["label"] === undefined ? {} : { label: String(spec["label"]) };
  const value = spec["default"];
  switch (type) {
    case "text":
      if (typeof value !== "string") return refuse("has a default that is no text", "default");
      return { type, default: value, ...label };
    case "number": {
      const bounds = { ...numberAt(spec, "min", refuse), ...numberAt(spec, "max", refuse) };
      if (typeof value !== "number") return refuse("has a default that is no number", "default");
      const full: ParamSpec = { type, default: value, ...label, ...bounds };
      if (problemOf(full, value)) return refuse(`has a default that is ${problemOf(full, value)}`, "default");
      return full;
    }
    case "date":
      if (typeof value !== "string" || !isDayValue(value)) {
        return refuse(
          `has the default "${String(value)}"`,
          "default",
          "Use YYYY-MM-DD, or days from today such as -7d."
        );
      }
      return { type, default: value, ...label };
    case "boolean":
      if (typeof value !== "boolean") return refuse("has a default that is neither true nor false", "default");
      return { type, default: value, ...label };
    case "choice":
      return parseChoice(spec, value, label, refuse);
  }
}

/** True for `YYYY-MM-DD` that is in the calendar, and for `-7d`, `0d`, `+1d`. */
export function isDayValue(text: string): boolean {
  if (/^[+-]?\d{1,5}d$/.test(text)) return true;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

/**
 * The value of every parameter: what was given, else the default; relative days counted from `today`.
 *
 * @param given    values as a control, a URL or the command line gave them; texts are read by the type
 * @param today    day of the run in UTC, `YYYY-MM-DD`
 * @param choices  values that `from` offers; a parameter that is not in it takes any text
 * @throws Fault `invalid` for an unknown name or a value that the type refuses
 */
export function resolveParams(
  workbook: Pick<Workbook, "params">,
  given: Readonly<Record<string, ParamValue>>,
  today: string,
  choices: Readonly<Record<string, readonly string[]>> = {}
): Readonly<Record<string, ParamValue>> {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(workbook.params, name)) continue;
    const known = Object.keys(workbook.params);
    throw new Fault("invalid", `the workbook has no parameter "${name}"`, {
      hint: known.length > 0 ? `It has ${known.join(", ")}.` : "It has none."
    });
  }
  return Object.fromEntries(
    Object.entries(workbook.params).map(([name, spec]) => {
      const value = readValue(spec, given[name] ?? spec.default);
      const problem = problemOf(spec, value, choices[name]);
      if (problem) throw new Fault("invalid", `parameter "${name}" is ${JSON.stringify(value)}, which is ${problem}`);
      return [name, spec.type === "date" ? resolveDay(String(value), today) : value];
    })
  );
}

/** The value of every parameter as it was given, else its default; a relative day stays relative. */
export function givenParams(
  specs: Workbook["params"],
  given: Readonly<Record<string, ParamValue>>
): Readonly<Record<string, ParamValue>> {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, given[name] ?? spec.default]));
}

/** `-7d` counted from `today`; a calendar day as it is. */
export function resolveDay(value: string, today: string): string {
  const relative = /^([+-]?\d+)d$/.exec(value);
  if (!relative) return value;
  const date = new Date(`${today}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + Number(relative[1]));
  return date.toISOString().slice(0, 10);
}

type Refuse = (message: string, field: string | null, hint?: string) => never;

function numberAt(spec: Readonly<Record<string, unknown>>, field: "min" | "max", refuse: Refuse): object {
  if (spec[field] === undefined) return {};
  return typeof spec[field] === "number" ? { [field]: spec[field] } : refuse(`has a ${field} that is no number`, field);
}

function parseChoice(
  spec: Readonly<Record<string, unknown>>,
  value: unknown,
  label: { readonly label?: string },
  refuse: Refuse
): ParamSpec {
  const { options, from } = spec;
  if ((options === undefined) === (from === undefined)) refuse("needs either options or from", null);
  if (options !== undefined && !(Array.isArray(options) && options.length > 0))
    refuse("has no list of options", "options");
  const sources = ["agents", "models", "business_units"] as const;
  if (from !== undefined && !sources.includes(from as "agents")) {
    refuse(`cannot choose from "${String(from)}"`, "from", `Use ${sources.join(", ")}.`);
  }
  if (typeof value !== "string" && typeof value !== "number") refuse("has no default", "default");
  const full: ParamSpec = {
    type: "choice",
    default: String(value),
    ...label,
    ...(options === undefined ? {} : { options: (options as unknown[]).map(String) }),
    ...(from === undefined ? {} : { from: from as "agents" })
  };
  const problem = problemOf(full, full.default);
  return problem ? refuse(`has a default that is ${problem}`, "default") : full;
}

function readValue(spec: ParamSpec, value: ParamValue): ParamValue {
  if (typeof value !== "string") return spec.type === "choice" || spec.type === "text" ? String(value) : value;
  if (spec.type === "number") return value.trim() === "" ? value : Number(value);
  if (spec.type === "boolean") return value === "true" ? true : value === "false" ? false : value;
  return value;
}

function problemOf(spec: ParamSpec, value: ParamValue, offered?: readonly string[]): string | null {
  switch (spec.type) {
    case "text":
      return null;
    case "number":
      if (typeof value !== "number" || !Number.isFinite(value)) return "no number";
      if (spec.min !== undefined && value < spec.min) return `less than ${spec.min}`;
      return spec.max !== undefined && value > spec.max ? `more than ${spec.max}` : null;
    case "date":
      return isDayValue(String(value)) ? null : "no day (YYYY-MM-DD, or -7d)";
    case "boolean":
      return typeof value === "boolean" ? null : "neither true nor false";
    case "choice": {
      const options = spec.options ?? offered;
      if (!options || options.includes(String(value)) || (spec.from && value === "all")) return null;
      return `not one of ${options.slice(0, 10).join(", ")}`;
    }
  }
}
