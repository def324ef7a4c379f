import { expect, test, vi } from "vitest";

const trouble = vi.hoisted(() => ({ left: 1 }));

// The real bundler, but for the first call, which meets a full disk.
vi.mock("esbuild", async (load) => {
  const real = await load<typeof import("esbuild")>();
  return {
    ...real,
    build: (options: import("esbuild").BuildOptions) =>
      trouble.left-- > 0 ? Promise.reject(new Error("disk full")) : real.build(options)
  };
});

// Another test file may have built it already.
vi.resetModules();
const { buildChartBundle } = await import("#lib/server/chart-bundle.ts");

test("a build that failed is tried again the next time", async () => {
  await expect(buildChartBundle()).rejects.toThrow("disk full");
  expect(await buildChartBundle()).not.toBe("");
});

test("the chart runtime is one script that needs no other, built once", async () => {
  const [first, second] = await Promise.all([buildChartBundle(), buildChartBundle()]);
  expect(second).toBe(first);
  expect(() => new Function(first)).not.toThrow();
  expect(first).not.toMatch(/^\s*(?:import|export)\b/m);
});

test("the chart runtime listens for a message and answers on its port", async () => {
  const listeners: ((event: unknown) => Promise<void>)[] = [];
  const answers: unknown[] = [];
  const page = {};
  const place = { replaceChildren: () => undefined };
  const document = { getElementById: () => place, documentElement: { style: {} } };
  const globals = {
    addEventListener: (_: string, listener: (event: unknown) => Promise<void>) => listeners.push(listener),
    parent: page,
    document,
    Element: class {}
  };
  new Function(...Object.keys(globals), await buildChartBundle())(...Object.values(globals));
  expect(listeners).toHaveLength(1);
  const port = { postMessage: (answer: unknown) => answers.push(answer) };
  const data = { code: "1 + 1", tables: {} };
  await listeners[0]!({ ports: [port], source: "another window", data });
  expect(answers).toEqual([]);
  await listeners[0]!({ ports: [port], source: page, data });
  expect(answers).toEqual([{ kind: "failed", message: expect.stringContaining("the code gives no chart") }]);
});
