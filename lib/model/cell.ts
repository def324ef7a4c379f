/** Every kind of cell a workbook holds. */
export type CellKind = "prose" | "sql" | "check" | "scorer" | "judge" | "score" | "chart" | "map" | "calibration";

/** A parameter of a workbook, as its front matter states it. */
export type ParamSpec =
  | { readonly type: "text"; readonly default: string; readonly label?: string }
  | {
      readonly type: "number";
      readonly default: number;
      readonly label?: string;
      readonly min?: number;
      readonly max?: number;
    }
  /** `YYYY-MM-DD`, or days from the day of the run: `-7d`, `0d`. */
  | { readonly type: "date"; readonly default: string; readonly label?: string }
  | { readonly type: "boolean"; readonly default: boolean; readonly label?: string }
  /** `options` are literal; `from` takes the distinct values of a column (`agents`, `models`, `business_units`) and adds `all`. */
  | {
      readonly type: "choice";
      readonly default: string;
      readonly label?: string;
      readonly options?: readonly string[];
      readonly from?: "agents" | "models" | "business_units";
    };

export type ParamValue = string | number | boolean | null;

/** When a workbook recurs. */
export interface ScheduleSpec {
  /** Five fields, standard cron. */
  readonly cron: string;
  /** IANA name; UTC when absent. */
  readonly timezone?: string;
}

/** One unit of a workbook. `text` is the body between the fences (or the prose), byte for byte. */
export interface Cell {
  readonly kind: CellKind;
  /** What other cells read it by; null for prose and unnamed cells. */
  readonly name: string | null;
  /** Stable within one text: the name, or `_` and the position among all cells from 0. */
  readonly key: string;
  readonly text: string;
  /** First line of the body in the workbook's text, from 1. */
  readonly line: number;
}

/** A workbook, parsed. The text stays the truth; this is its reading. */
export interface Workbook {
  readonly title: string;
  readonly businessUnits: readonly string[];
  readonly params: Readonly<Record<string, ParamSpec>>;
  readonly schedule: ScheduleSpec | null;
  readonly cells: readonly Cell[];
}
