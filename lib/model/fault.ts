/** What kind of expected failure a Fault is; decides the HTTP status and the exit code. */
export type FaultCode = "invalid" | "missing" | "conflict" | "limit" | "denied" | "broken";

/** A place in a text, both counted from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** A Fault as plain data, the form that crosses HTTP and is kept in runs. */
export interface FaultReport {
  readonly code: FaultCode;
  /** One sentence: what, where and the offending value. */
  readonly message: string;
  /** What the person can do about it. */
  readonly hint?: string;
  /** Longer material, shown folded. */
  readonly detail?: string;
  /** Where in the text of the cell (or workbook) it lies. */
  readonly position?: TextPosition;
}

/** What a Fault carries beside its code and sentence. */
export interface FaultOptions {
  readonly hint?: string | undefined;
  readonly detail?: string | undefined;
  readonly position?: TextPosition | undefined;
  /** Of a `limit` that goes by: when to try again. */
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/** An expected failure, worded for the person who sees it. Anything else that is thrown is a bug. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly code: FaultCode;
  readonly hint: string | undefined;
  readonly detail: string | undefined;
  readonly position: TextPosition | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: FaultCode, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.detail = options.detail;
    this.position = options.position;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** True for a Fault made by any copy of this module: the server and the page bundle each have one. */
export function isFault(value: unknown): value is Fault {
  return value instanceof Error && value.name === "Fault" && "code" in value;
}

/** A Fault as plain data. */
export function faultReport(fault: Fault): FaultReport {
  return {
    code: fault.code,
    message: fault.message,
    ...(fault.hint === undefined ? {} : { hint: fault.hint }),
    ...(fault.detail === undefined ? {} : { detail: fault.detail }),
    ...(fault.position === undefined ? {} : { position: fault.position })
  };
}

/** The Fault that a report tells of. */
export function faultOf(report: FaultReport): Fault {
  return new Fault(report.code, report.message, report);
}

/** The report of anything thrown: a Fault as it is, another error as `broken` with its first line. */
export function reportOf(error: unknown): FaultReport {
  if (isFault(error)) return faultReport(error);
  const message = error instanceof Error ? error.message : String(error);
  return { code: "broken", message: message.split("\n", 1)[0] || "something failed without saying what" };
}
