import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddingsServer, openEmbeddingsServer } from "../server/embed/endpoint.ts";
import { mapCells, type OpenWorkbench, openWorkbench } from "./workbench.ts";

let server: EmbeddingsServer;
let workbench: OpenWorkbench;
let page: Page;

beforeAll(async () => {
  server = await openEmbeddingsServer();
  workbench = await openWorkbench({
    OPENAI_BASE_URL: server.url,
    TRACEBOOK_EMBEDDINGS: "words",
    TRACEBOOK_EMBEDDING_PRICE: "0.02"
  });
  page = await workbench.newPage();
});
afterAll(async () => {
  await workbench.close();
  await server.close();
});

test("a map says what its vectors would cost before it runs, and that they cost nothing once they are there", async () => {
  await page.goto(`${workbench.address}/workbooks/${await workbench.addWorkbook("Topics", mapCells)}`);
  const forecast = page.getByTestId("forecast");
  await forecast.getByText("Vectors by words").waitFor();
  await forecast.getByRole("button", { name: "What would it cost?" }).click();
  await forecast
    .getByText(
      /^[\d,]+ traces, [\d,]+ distinct texts, [\d,]+ not embedded yet: about [\d,]+ tokens, about \$0\.0\d+\.$/
    )
    .waitFor();
  expect(server.asked).toHaveLength(0);

  await page.getByRole("button", { name: "Run all" }).click();
  await page.locator(".scatter-canvas canvas").waitFor({ timeout: 120_000 });
  await page.getByText(/in none · vectors by words, 16 dimensions/).waitFor();
  expect(server.asked.length).toBeGreaterThan(0);
  await forecast.getByRole("button", { name: "What would it cost?" }).click();
  await forecast.getByText(/all embedded already: nothing\.$/).waitFor();
  expect(workbench.complaints).toEqual([]);
});
