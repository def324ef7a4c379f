import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenWorkbench, openWorkbench } from "./workbench.ts";

let workbench: OpenWorkbench;

beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(async () => {
  await workbench.close();
});

test("a lasso stands out on the map, and a lost graphics context is drawn again", async () => {
  const page = await workbench.newPage();
  await page.goto(`${workbench.address}/maps?map=new-complaint/topics`);
  await page.getByRole("button", { name: "Build it" }).click();
  const map = page.getByRole("application", { name: /Map of/ });
  await map.waitFor({ timeout: 60_000 });
  const canvas = page.locator(".scatter canvas");
  const plain = await colouredPixels(canvas);
  expect(plain).toBeGreaterThan(500);

  await page.getByRole("button", { name: "Lasso" }).click();
  const box = (await map.boundingBox())!;
  const at = (share: number, down: number) => [box.x + box.width * share, box.y + box.height * down] as const;
  await page.mouse.move(...at(0.02, 0.2));
  await page.mouse.down();
  for (const [share, down] of [
    [0.55, 0.2],
    [0.55, 0.95],
    [0.02, 0.95]
  ] as const)
    await page.mouse.move(...at(share, down), { steps: 4 });
  await page.mouse.up();
  await page.getByText(/\d selected/).waitFor();
  const picked = await colouredPixels(canvas);
  expect(picked).toBeLessThan(plain);
  expect(picked).toBeGreaterThan(0);

  // Lost and given back in two steps: the notice stands for as long as the card is away.
  const extension = await canvas.evaluateHandle((element: HTMLCanvasElement) => {
    const lose = element.getContext("webgl2")!.getExtension("WEBGL_lose_context")!;
    lose.loseContext();
    return lose;
  });
  await page.getByText(/The graphics card dropped the picture/).waitFor();
  await extension.evaluate((lose) => lose.restoreContext());
  await page.getByText(/The graphics card dropped the picture/).waitFor({ state: "detached" });
  expect(await colouredPixels(canvas)).toBe(picked);

  await page.getByRole("button", { name: "Clear selection" }).click();
  await page.getByText(/\d selected/).waitFor({ state: "detached" });
  expect(await colouredPixels(canvas)).toBe(plain);
  expect(workbench.complaints).toEqual([]);
});

/** How many pixels of the bare map, as a person sees it, are coloured rather than grey. */
async function colouredPixels(canvas: Locator): Promise<number> {
  const picture = await canvas.screenshot({
    style: ".scatter svg, .scatter span, .scatter button { visibility: hidden }"
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
