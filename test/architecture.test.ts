import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Floor of each room; what is not listed may not exist. */
const floors: Readonly<Record<string, number>> = {
  "lib/model": 0,
  "lib/math": 0,
  "lib/formats": 1,
  "lib/sample": 1,
  "lib/workbook": 1,
  "lib/sql": 1,
  "lib/map": 1,
  "lib/chart": 1,
  "lib/scoring": 1,
  "lib/ports": 2,
  "lib/wire": 2,
  "lib/work": 3,
  "lib/server": 4,
  "lib/browser": 4,
  app: 5
};

interface Arrow {
  readonly from: string;
  readonly to: string;
}

/** The room a file lies in, or undefined for files outside the house. */
function roomOf(path: string): string | undefined {
  if (path.startsWith("app/")) return "app";
  const room = path.split("/").slice(0, 2).join("/");
  return room in floors ? room : undefined;
}

/** Arrows that rise, stay level between rooms, or leave the house for a guest. */
function forbiddenArrows(arrows: readonly Arrow[]): string[] {
  return arrows
    .filter(({ from, to }) => {
      const [source, target] = [roomOf(from), roomOf(to)];
      if (!source) return false;
      if (/^(data|workbooks|scorers|test)\//.test(to)) return true;
      return target !== undefined && source !== target && floors[source]! <= floors[target]!;
    })
    .map(({ from, to }) => `${from} → ${to}`);
}

async function drawArrows(): Promise<{ readonly arrows: Arrow[]; readonly circles: string[] }> {
  const result = await cruise(
    ["app", "lib"],
    {
      baseDir: root,
      doNotFollow: { path: "node_modules" },
      exclude: { path: "^node_modules" },
      tsPreCompilationDeps: true,
      ruleSet: { forbidden: [{ name: "no-circle", severity: "error", from: {}, to: { circular: true } }] },
      validate: true
    },
    undefined,
    { tsConfig: { options: { baseUrl: root, paths: { "#lib/*": ["./lib/*"] } } } }
  );
  const { modules, summary } = result.output as ICruiseResult;
  return {
    arrows: modules.flatMap((module) =>
      module.dependencies
        .filter((dependency) => !dependency.coreModule)
        .map(({ resolved }) => ({ from: module.source, to: resolved }))
    ),
    circles: summary.violations.map(({ from, to }) => `${from} → ${to}`)
  };
}

const drawing = drawArrows();

test("every arrow goes down", async () => {
  const { arrows } = await drawing;
  expect(arrows.filter(({ to }) => to.startsWith("lib/")).length).toBeGreaterThan(50);
  expect(forbiddenArrows(arrows)).toEqual([]);
});

test("no arrows close a circle", async () => {
  expect((await drawing).circles).toEqual([]);
});

test("a rising and a level arrow are both found", () => {
  expect(
    forbiddenArrows([
      { from: "lib/model/span.ts", to: "lib/work/desk.ts" },
      { from: "lib/map/layout.ts", to: "lib/sql/quote.ts" },
      { from: "lib/work/desk.ts", to: "lib/model/span.ts" }
    ])
  ).toEqual(["lib/model/span.ts → lib/work/desk.ts", "lib/map/layout.ts → lib/sql/quote.ts"]);
});

test("every room of lib stands on a floor", () => {
  const rooms = readdirSync(`${root}/lib`).map((name) => `lib/${name}`);
  expect(rooms.filter((room) => !(room in floors))).toEqual([]);
});

test("the adapters are reached from the server's entrances alone", async () => {
  const { arrows } = await drawing;
  const reached = arrows.filter(
    ({ from, to }) =>
      to.startsWith("lib/server/") && !from.startsWith("lib/server/") && !/^app\/(workbench\.ts|_cli\/)/.test(from)
  );
  expect(reached.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test("lib holds no React and no Next", async () => {
  const { arrows } = await drawing;
  const guests = arrows.filter(
    ({ from, to }) => from.startsWith("lib/") && /node_modules\/(react|react-dom|next)\//.test(to)
  );
  expect(guests).toEqual([]);
});
