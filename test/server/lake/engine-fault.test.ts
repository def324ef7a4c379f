import { expect, test } from "vitest";
import { engineFault } from "#lib/server/lake/engine-fault.ts";

const read = (message: string, sql = "select 1") => engineFault(new Error(message), sql, "/data/lake", false);

test("a name that the engine does not know is answered with the nearest that it does", () => {
  const column = read(
    'Binder Error: Referenced column "inputt" not found in FROM clause!\nCandidate bindings: "input", "output"\n\nLINE 1: select inputt from traces\n               ^',
    "select inputt from traces"
  );
  expect(column).toMatchObject({
    code: "invalid",
    message: 'Referenced column "inputt" not found in FROM clause!',
    hint: 'Did you mean "input"?',
    position: { line: 1, column: 8 }
  });
  expect(read('Binder Error: no "t.inputt"\nCandidate bindings: "t.input"').hint).toBe('Did you mean "input"?');
  expect(read('Catalog Error: no countt!\nDid you mean "count"?').hint).toBe('Did you mean "count"?');
  expect(read('Binder Error: Values list "t" does not have a column named "zzz"').hint).toBeUndefined();
});

test("a file that cannot be read is named without the folder it lies in, and how to find others", () => {
  const fault = read("Invalid Input Error: No magic bytes found at end of file '/data/lake/spans/a.parquet'");
  expect(fault).toMatchObject({ code: "broken", hint: 'Find the damaged files with "npx tracebook lake verify".' });
  expect(fault.message).toBe("No magic bytes found at end of file 'spans/a.parquet'");
});

test("what was stopped says so, whatever the engine says", () => {
  expect(engineFault(new Error("INTERRUPT Error: Interrupted!"), "", "/data/lake", true).message).toBe("stopped");
});
