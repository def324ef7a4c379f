import { Float64, Table, tableToIPC, vectorFromArray } from "apache-arrow";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { pointInPolygon } from "#lib/math/polygon.ts";
import { seededNormal } from "#lib/math/random.ts";
import { listViolations } from "./violations.ts";
import { mapCells, type OpenWorkbench, openWorkbench } from "./workbench.ts";

let workbench: OpenWorkbench;
/** The page of the workbook, where a cell takes what is picked. */
let ofWorkbook: string;
/** The page of maps with the workbook's. */
let ofMaps: string;

beforeAll(async () => {
  workbench = await openWorkbench();
  const slug = await workbench.addWorkbook("Topics", mapCells);
  [ofWorkbook, ofMaps] = [`/workbooks/${slug}`, `/maps?map=${slug}/topics`];
  const page = await workbench.newPage();
  await page.goto(workbench.address + ofMaps);
  await page.getByRole("button", { name: "Build it" }).click();
  await mapOf(page).waitFor({ timeout: 120_000 });
  await page.close();
});
afterAll(async () => {
  await workbench.close();
});

const mapOf = (page: Page) => page.getByRole("application", { name: /Map of/ });
const sideOf = (page: Page) => page.getByRole("region", { name: "Legend and filters" });
const canvasOf = (page: Page) => page.locator(".scatter-canvas canvas");

/** Has a page draw by the processor alone, so that pictures of it can be compared. */
const withoutCard = (page: Page) =>
  page.addInitScript(() => {
    const { prototype } = HTMLCanvasElement;
    const open = prototype.getContext as (kind: string, options?: unknown) => RenderingContext | null;
    Object.assign(prototype, {
      getContext(this: HTMLCanvasElement, kind: string, options?: unknown) {
        return kind === "webgl2" ? null : open.call(this, kind, options);
      }
    });
  });

/** A page of the test's own, which does not go on drawing while later tests run. */
async function openPage(): Promise<Page> {
  const page = await workbench.newPage();
  onTestFinished(() => page.context().close());
  return page;
}

/** Opens a page that has the map which has been built. */
async function openMap(page: Page, path = ofMaps): Promise<Locator> {
  await page.goto(workbench.address + path);
  const map = mapOf(page);
  await map.waitFor({ timeout: 60_000 });
  await page.locator(".scatter").evaluate((element) => element.scrollIntoView({ block: "center" }));
  await page.getByRole("region", { name: "Time" }).waitFor();
  return map;
}

/** Presses the pointer down and draws through places, as shares of the map. */
async function drag(page: Page, map: Locator, places: readonly (readonly [number, number])[]): Promise<void> {
  const box = (await map.boundingBox())!;
  for (const [turn, [across, down]] of places.entries()) {
    await page.mouse.move(box.x + box.width * across, box.y + box.height * down, { steps: 4 });
    if (turn === 0) await page.mouse.down();
  }
  await page.mouse.up();
}
const leftHalf = [
  [0.02, 0.1],
  [0.55, 0.1],
  [0.55, 0.97],
  [0.02, 0.97]
] as const;

test("a lasso stands out on the map, and a graphics card that is lost hands over to the processor", async () => {
  const page = await openPage();
  // A processor that is slow at it: then the card, here none but done in software, is the faster one.
  await page.addInitScript(() => {
    const { prototype } = CanvasRenderingContext2D;
    const put = prototype.putImageData;
    prototype.putImageData = function slowly(this: CanvasRenderingContext2D, image: ImageData, x: number, y: number) {
      const until = performance.now() + 400;
      while (performance.now() < until);
      (put as (image: ImageData, x: number, y: number) => void).call(this, image, x, y);
    };
  });
  const map = await openMap(page, ofWorkbook);
  const host = page.locator(".scatter-canvas");
  await page.locator('.scatter-canvas[data-painter="webgl2"]').waitFor();
  const plain = await colouredPixels(canvasOf(page));
  expect(plain).toBeGreaterThan(500);

  await page.getByRole("button", { name: "Lasso" }).click();
  await drag(page, map, leftHalf);
  await page.getByTestId("picked").waitFor();
  const picked = await colouredPixels(canvasOf(page));
  expect(picked).toBeLessThan(plain);
  expect(picked).toBeGreaterThan(0);

  await canvasOf(page).evaluate((element: HTMLCanvasElement) =>
    element.getContext("webgl2")!.getExtension("WEBGL_lose_context")!.loseContext()
  );
  await page.locator('.scatter-canvas[data-painter="raster"]').waitFor();
  expect(await colouredPixels(canvasOf(page))).toBeGreaterThan(picked / 2);
  expect(await host.locator("canvas").count()).toBe(1);

  await page.getByRole("button", { name: "Clear selection" }).click();
  await page.getByTestId("picked").waitFor({ state: "detached" });
  expect(await colouredPixels(canvasOf(page))).toBeGreaterThan(picked);
  expect(workbench.complaints).toEqual([]);
});

test("the page and the workbook's table hold the same points of a lasso", async () => {
  const page = await openPage();
  const map = await openMap(page, ofWorkbook);
  await map.press("l");
  await drag(page, map, leftHalf);
  const said = page.locator(".scatter [role=status]").filter({ hasText: "selected" });
  const count = Number.parseInt((await said.textContent())!.replaceAll(",", ""), 10);
  expect(count).toBeGreaterThan(10);
  await expect.poll(() => page.getByTestId("picked").textContent()).toBe(`${count.toLocaleString("en-US")} picked`);
});

test("a lasso on a hundred thousand points picks exactly those inside", async () => {
  const page = await openPage();
  const n = 100_000;
  const normal = seededNormal(3);
  const [x, y] = [new Float64Array(n), new Float64Array(n)];
  for (let at = 0; at < n; at++) {
    // As a map has them: 32-bit numbers.
    x[at] = Math.fround(normal() * 4);
    y[at] = Math.fround(normal() * 3);
  }
  const columns = { x, y, cluster: new Float64Array(n) };
  await page.route(/tables\/topics\/rows\?/, async (route) => {
    const asked = new URL(route.request().url()).searchParams.getAll("column");
    const named = Object.entries(columns).filter(([name]) => asked.length === 0 || asked.includes(name));
    const rows = asked.length === 0 ? 1 : n;
    const table = new Table(
      Object.fromEntries(
        named.map(([name, values]) => [name, vectorFromArray([...values.subarray(0, rows)], new Float64())])
      )
    );
    const headers = { "x-rows": String(n), "x-columns": "3", "x-cut": "false" };
    await route.fulfill({ body: Buffer.from(tableToIPC(table, "stream")), headers });
  });
  let polygon: readonly (readonly [number, number])[] = [];
  await page.route(/maps\/topics\/selection/, async (route) => {
    ({ polygon } = route.request().postDataJSON() as { polygon: typeof polygon });
    await route.continue();
  });
  await page.goto(workbench.address + ofWorkbook);
  const map = page.getByRole("application", { name: /Map of 100,000 points/ });
  await map.waitFor({ timeout: 60_000 });
  await map.scrollIntoViewIfNeeded();
  await map.press("l");
  const star = Array.from({ length: 40 }, (_, at) => {
    const [angle, away] = [(at / 40) * 2 * Math.PI, at % 2 === 0 ? 0.35 : 0.14];
    return [0.5 + away * Math.cos(angle), 0.5 + away * Math.sin(angle)] as const;
  });
  await drag(page, map, star);
  const said = page.locator(".scatter [role=status]").filter({ hasText: "selected" });
  const count = Number.parseInt((await said.textContent())!.replaceAll(",", ""), 10);
  await expect.poll(() => polygon.length).toBeGreaterThan(39);
  let inside = 0;
  for (let at = 0; at < n; at++) if (pointInPolygon(x[at]!, y[at]!, polygon)) inside++;
  expect(inside).toBeGreaterThan(5_000);
  expect(count).toBe(inside);
});

test("without a pointer one goes from cluster to cluster, draws a polygon, drops it and sees all again", async () => {
  const page = await openPage();
  const map = await openMap(page, ofWorkbook);
  const clusters = page.getByRole("list", { name: "Clusters" });
  await map.focus();
  expect(await map.evaluate((element) => getComputedStyle(element).outlineStyle)).not.toBe("none");
  await map.press("]");
  await map.press("]");
  await map.press("[");
  const chosen = clusters.locator("[aria-current=true]");
  expect(await chosen.textContent()).toBe(await clusters.getByRole("button").first().textContent());
  expect(await clusters.getByRole("button", { name: /Typical trace/ }).count()).toBeGreaterThan(0);
  await page.locator(".scatter-minimap").waitFor();

  await map.press("p");
  for (const keys of ["ArrowLeft", "ArrowUp", "ArrowRight"]) {
    for (let times = 0; times < 4; times++) await map.press(keys);
    await map.press(" ");
  }
  await map.press("Escape");
  await map.press("Enter");
  expect(await page.getByTestId("picked").count()).toBe(0);
  await map.press("0");
  await page.locator(".scatter-minimap").waitFor({ state: "detached" });
  for (const keys of ["ArrowLeft", "ArrowUp", "ArrowRight"]) {
    await map.press(" ");
    for (let times = 0; times < 5; times++) await map.press(keys);
  }
  await map.press("Enter");
  await page.getByTestId("picked").waitFor();
  await map.press("Escape");
  await page.getByTestId("picked").waitFor({ state: "detached" });
  expect(workbench.complaints).toEqual([]);
});

test("points take the colour and size of a column, and its legend counts them", async () => {
  const page = await openPage();
  await withoutCard(page);
  await openMap(page);
  const side = sideOf(page);
  const before = await canvasOf(page).screenshot();
  await side.getByRole("combobox", { name: "Colour" }).selectOption("novelty");
  const legend = side.getByRole("region", { name: "Colours" });
  await legend.waitFor();
  expect(await legend.locator(".scatter-bars > span").count()).toBe(24);
  const coloured = await canvasOf(page).screenshot();
  expect(coloured.equals(before)).toBe(false);
  await side.getByRole("combobox", { name: "Size" }).selectOption("novelty");
  await expect.poll(async () => (await canvasOf(page).screenshot()).equals(coloured)).toBe(false);
  await side.getByRole("combobox", { name: "Colour" }).selectOption("agent");
  const words = side.getByRole("list", { name: "Colours" });
  const counts = await words.locator(".num").allTextContents();
  const points = Number(/Map of ([\d,]+)/.exec((await mapOf(page).getAttribute("aria-label"))!)![1]!.replace(",", ""));
  expect(counts.reduce((sum, count) => sum + Number(count.replace(",", "")), 0)).toBe(points);
});

test("time is played through, and stands still for those who want no motion", async () => {
  const page = await openPage();
  await withoutCard(page);
  await openMap(page);
  const time = page.getByRole("region", { name: "Time" });
  const all = await colouredPixels(canvasOf(page));
  await time.getByRole("button", { name: "Later" }).click();
  await expect.poll(() => colouredPixels(canvasOf(page))).toBeLessThan(all);
  const first = await time.locator(".scatter-when").textContent();
  await time.getByRole("button", { name: "Play through time" }).click();
  await expect.poll(() => time.locator(".scatter-when").textContent()).not.toBe(first);
  await time.getByRole("button", { name: "Stop the playback" }).click();
  await time.getByRole("button", { name: "All times" }).click();
  await expect.poll(() => colouredPixels(canvasOf(page))).toBe(all);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await time.getByRole("button", { name: "Play through time" }).waitFor({ state: "detached" });
  await time.getByRole("button", { name: "Later" }).click();
  await expect.poll(() => time.locator(".scatter-when").textContent()).toBe(first);
});

test("words highlight the traces that hold them", async () => {
  const page = await openPage();
  await withoutCard(page);
  await openMap(page);
  const all = await colouredPixels(canvasOf(page));
  await sideOf(page).getByRole("searchbox").fill("refund");
  await page.keyboard.press("Enter");
  const found = sideOf(page).getByText(/[1-9][\d,]* points? highlighted/);
  await found.waitFor();
  await expect.poll(() => colouredPixels(canvasOf(page))).toBeLessThan(all);
  await sideOf(page).getByRole("searchbox").fill("");
  await found.waitFor({ state: "detached" });
  await expect.poll(() => colouredPixels(canvasOf(page))).toBe(all);
});

test("the map and its tools break no rule of accessibility, in light and in dark, near and far", async () => {
  const page = await openPage();
  const map = await openMap(page);
  const found: string[] = [];
  for (const colour of ["", "novelty"]) {
    await sideOf(page).getByRole("combobox", { name: "Colour" }).selectOption(colour);
    await map.press("]");
    found.push(...(await listViolations(page, ".scatter")));
  }
  expect(found).toEqual([]);
});

/** How many pixels of the bare map, as a person sees it, are coloured rather than grey. */
async function colouredPixels(canvas: Locator): Promise<number> {
  const picture = await canvas.screenshot({
    style: ".scatter svg, .scatter-label, .scatter-toolbar, .scatter-minimap { visibility: hidden }"
  });
  return canvas.evaluate(async (_, base64) => {
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    let coloured = 0;
    for (let at = 0; at < data.length; at += 4) {
      const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!];
      if (Math.max(red, green, blue) - Math.min(red, green, blue) > 60) coloured++;
    }
    return coloured;
  }, picture.toString("base64"));
}
