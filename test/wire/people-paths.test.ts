import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { isEntrance, peoplePaths } from "#lib/wire/people-paths.ts";

const app = fileURLToPath(new URL("../../app", import.meta.url));
const routes = globSync("**/route.ts", { cwd: app }).map((file) => `/${file.slice(0, -"/route.ts".length)}`);

test.each(Object.entries(peoplePaths))("the address of %s is one of a route", (_name, path) => {
  const address = path("«id»").replace(encodeURIComponent("«id»"), "[id]");
  const isAt = (route: string) => route.replace(/\[\w+\]/, "[id]") === address;
  expect(routes.filter(isAt), address).toHaveLength(1);
});

test("an id cannot leave its place in an address", () => {
  expect(peoplePaths.person("../keys")).toBe("/api/people/..%2Fkeys");
  expect(peoplePaths.unit("a?b#c")).toBe("/api/units/a%3Fb%23c");
});

test("people come in by four kinds of page, and by no other", () => {
  const entrances = ["/sign-in", "/set-up", "/invitation/abc", "/reset/abc", "/sign-in/"];
  expect(entrances.filter((path) => !isEntrance(path))).toEqual([]);
  const others = ["/", "/people", "/sign-in/provider", "/invitation", "/reset/a/b", "/api/sign-in", "/x/sign-in"];
  expect(others.filter(isEntrance)).toEqual([]);
});
