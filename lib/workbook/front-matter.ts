import { Cron } from "croner";
import type { ParamSpec, ScheduleSpec } from "#lib/model/cell.ts";
import { Fault, type TextPosition } from "#lib/model/fault.ts";
import { isBusinessUnit } from "#lib/model/scope.ts";
import { parseParamSpec } from "./params.ts";
import { parseYamlMap, refuseUnknownKeys, type YamlMap } from "./yaml-map.ts";

/** What stands above a workbook's cells. */
export interface FrontMatter {
  /** Null where the text gives none. */
  readonly title: string | null;
  readonly businessUnits: readonly string[];
  readonly params: Readonly<Record<string, ParamSpec>>;
  readonly schedule: ScheduleSpec | null;
}

const known = ["title", "business_units", "params", "schedule"];

/**
 * @param front  the front matter with its fences, or empty
 * @throws Fault `invalid` with the position in the workbook's text
 */
export function parseFrontMatter(front: string): FrontMatter {
  const yaml = front.replace(/^---[^\n]*\n/, "").replace(/(?:---|\.\.\.)[ \t]*\r?\n?$/, "");
  const map = parseYamlMap(yaml, 2, "the front matter");
  refuseUnknownKeys(map, known);
  return {
    title: readTitle(map),
    businessUnits: readUnits(map),
    params: readParams(map),
    schedule: readSchedule(map)
  };
}

function readTitle(map: YamlMap): string | null {
  const title = map.values["title"];
  if (title === undefined || title === null) return null;
  if (typeof title !== "string" && typeof title !== "number") refuse(`the title is no text`, map.position("title"));
  return String(title).trim() || null;
}

function readUnits(map: YamlMap): readonly string[] {
  const units = map.values["business_units"];
  if (units === undefined || units === null) return [];
  const position = map.position("business_units");
  if (!Array.isArray(units)) refuse("business_units is no list", position, "Write [support, claims].");
  for (const unit of units as unknown[]) {
    if (typeof unit !== "string" || !isBusinessUnit(unit)) {
      refuse(`"${String(unit)}" cannot be a business unit`, position, "Use lower-case letters, digits and dashes.");
    }
  }
  return [...new Set(units as string[])].sort();
}

function readParams(map: YamlMap): Readonly<Record<string, ParamSpec>> {
  const params = map.values["params"];
  if (params === undefined || params === null) return {};
  if (typeof params !== "object" || Array.isArray(params)) refuse("params is no mapping", map.position("params"));
  return Object.fromEntries(Object.keys(params as object).map((name) => [name, parseParamSpec(map, name)] as const));
}

function readSchedule(map: YamlMap): ScheduleSpec | null {
  const schedule = map.values["schedule"];
  if (schedule === undefined || schedule === null) return null;
  if (typeof schedule !== "object" || Array.isArray(schedule)) {
    refuse("the schedule is no mapping", map.position("schedule"), 'Write { cron: "0 7 * * 1" }.');
  }
  refuseUnknownKeys(map, ["cron", "timezone"], ["schedule"], "a schedule");
  const { cron, timezone } = schedule as Record<string, unknown>;
  if (typeof cron !== "string")
    refuse("the schedule has no cron", map.position("schedule"), 'Write { cron: "0 7 * * 1" }.');
  if (timezone !== undefined && (typeof timezone !== "string" || !isTimeZone(timezone))) {
    refuse(
      `"${String(timezone)}" is no time zone`,
      map.position("schedule", "timezone"),
      "Use an IANA name, such as Europe/Berlin."
    );
  }
  const position = map.position("schedule", "cron");
  if (String(cron).trim().split(/\s+/).length !== 5) {
    refuse(
      `"${String(cron)}" is no schedule: cron has five fields`,
      position,
      "minute hour day month weekday, such as 0 7 * * 1."
    );
  }
  try {
    new Cron(String(cron), { paused: true });
  } catch (error) {
    throw new Fault("invalid", `"${String(cron)}" is no schedule: ${error instanceof Error ? error.message : ""}`, {
      position,
      cause: error
    });
  }
  return { cron: String(cron).trim(), ...(timezone === undefined ? {} : { timezone: String(timezone) }) };
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function refuse(message: string, position: TextPosition, hint?: string): never {
  throw new Fault("invalid", message, { position, hint });
}
