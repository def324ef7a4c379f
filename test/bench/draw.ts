import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import type { DrawReport } from "./draw-page.ts";
import type { Bench, BenchRow } from "./row.ts";

const points = 1_000_000;
const quiet = ["--headless", "--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-sync"];
/** Browsers without a graphics card: one that has no WebGL at all, and one that does it by the processor. */
const browsers = [
  { name: "no WebGL", flags: ["--disable-gpu", "--disable-3d-apis"] },
  { name: "WebGL by the processor", flags: ["--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"] }
] as const;

/** How long a million points take to draw, to move and to lasso, in a real browser without a graphics card. */
export const benches: readonly Bench[] = [
  {
    name: "draw",
    subject: "map",
    async run() {
      const script = await bundlePage();
      const rows: BenchRow[] = [];
      for (const { name, flags } of browsers) rows.push(...listRows(name, await measure(script, flags)));
      return rows;
    }
  }
];

async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("draw-page.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    // As the page has it: minified names and no more.
    minify: true
  });
  return outputFiles[0]!.text;
}

async function measure(script: string, flags: readonly string[]): Promise<DrawReport> {
  const executablePath = process.env["TRACEBOOK_BROWSER"] ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: [...quiet, ...flags] });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.setContent("<!doctype html><body></body>");
    await page.addScriptTag({ content: script });
    return await page.evaluate((n) => {
      const { measureDrawing } = globalThis as unknown as { measureDrawing: (n: number) => Promise<DrawReport> };
      return measureDrawing(n);
    }, points);
  } finally {
    await browser.close();
  }
}

function listRows(browser: string, report: DrawReport): BenchRow[] {
  const { raster, webgl2, lassoMs, firstLassoMs, selected, densityMs } = report;
  const row = (what: string, value: number, target: number, rival: number | null, against: string): BenchRow => ({
    name: `draw: ${what}, ${browser}`,
    value,
    unit: "ms",
    against,
    rival,
    ratio: rival === null ? value / target : value / rival,
    target: `<= ${target} ms`,
    met: value <= target
  });
  const card = (ms: number | undefined) => (ms === undefined ? "the target" : `WebGL2 here ${ms.toFixed(0)} ms`);
  const count = points.toLocaleString("en-US");
  return [
    row(`first picture of ${count} points`, raster.firstMs, 50, webgl2?.firstMs ?? null, card(webgl2?.firstMs)),
    row(`a moved picture of ${count} points`, raster.panMs, 17, webgl2?.panMs ?? null, card(webgl2?.panMs)),
    row(`a lasso around ${selected.toLocaleString("en-US")} of them`, lassoMs, 40, null, "the target"),
    row("the first such lasso", firstLassoMs, 40, null, "the target"),
    row("the difference in density of two halves of them", densityMs, 50, null, "the target")
  ];
}
