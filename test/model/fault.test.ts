import { expect, test } from "vitest";
import { Fault, faultReport, isFault, reportOf } from "#lib/model/fault.ts";

test("a fault becomes plain data that holds only what is known", () => {
  expect(faultReport(new Fault("missing", "there is no cell"))).toEqual({
    code: "missing",
    message: "there is no cell"
  });
  const full = new Fault("invalid", "wrong", {
    hint: "Correct it.",
    detail: "select 1",
    position: { line: 2, column: 5 }
  });
  expect(JSON.parse(JSON.stringify(faultReport(full)))).toEqual({
    code: "invalid",
    message: "wrong",
    hint: "Correct it.",
    detail: "select 1",
    position: { line: 2, column: 5 }
  });
});

test("a fault keeps what caused it, and has no cause where there was none", () => {
  const cause = new Error("disk full");
  expect(new Fault("broken", "the lake refused", { cause }).cause).toBe(cause);
  expect("cause" in new Fault("broken", "the lake refused")).toBe(false);
});

test("a fault of another copy of the program is a fault, other errors are not", () => {
  const foreign = Object.assign(new Error("no"), { name: "Fault", code: "denied" });
  expect(isFault(foreign)).toBe(true);
  expect(isFault(Object.assign(new Error("no"), { code: "ENOENT" }))).toBe(false);
  expect(isFault({ name: "Fault", code: "denied", message: "no" })).toBe(false);
});

test("anything thrown can be reported in one line", () => {
  expect(reportOf(new Fault("limit", "too many", { hint: "Ask for fewer." }))).toEqual({
    code: "limit",
    message: "too many",
    hint: "Ask for fewer."
  });
  expect(reportOf(new TypeError("x is not a function\n  at y"))).toEqual({
    code: "broken",
    message: "x is not a function"
  });
  expect(reportOf("plain text")).toEqual({ code: "broken", message: "plain text" });
  expect(reportOf(new Error("")).message).toBe("something failed without saying what");
});
