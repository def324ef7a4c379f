import { expect, test } from "vitest";
import { namePeople, tellApart } from "#lib/work/name-people.ts";

test("people are asked for once each, and those who are called alike are told apart", async () => {
  const asked: (readonly string[])[] = [];
  const names = new Map([
    ["01aa", "Ann Lee"],
    ["01bb", "ann lee"],
    ["01cc", "Bob"]
  ]);
  const namesOf = async (ids: readonly string[]) => {
    asked.push(ids);
    return names;
  };
  expect(await namePeople({ namesOf }, ["01aa", "01bb", "01aa", "01cc", "owner"])).toEqual({
    ...{ "01aa": "Ann Lee (01aa)", "01bb": "ann lee (01bb)" },
    "01cc": "Bob"
  });
  expect(asked).toEqual([["01aa", "01bb", "01cc", "owner"]]);
  expect(tellApart(new Map())).toEqual({});
});
