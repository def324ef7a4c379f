import { expect, test } from "vitest";
import { parseTitlesRequest } from "#lib/wire/cluster-titles.ts";

test("a wish for titles says how many tokens it may take", () => {
  expect(parseTitlesRequest({ mostTokens: 5000 })).toEqual({ mostTokens: 5000 });
});

test.each([[{}], [{ mostTokens: 0 }], [{ mostTokens: -3 }], [{ mostTokens: 1.5 }], [{ mostTokens: "many" }], [null]])(
  "a wish for titles without a bound is refused: %j",
  (body) => {
    expect(() => parseTitlesRequest(body)).toThrow(expect.objectContaining({ code: "invalid" }));
  }
);
