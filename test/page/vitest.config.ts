import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    globalSetup: "test/page/first-start.ts",
    include: ["test/page/**/*.test.ts"],
    env: { TZ: "UTC" },
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Two, because the least machine that runs the gate has two cores.
    maxWorkers: 2,
    expect: { poll: { timeout: 30_000 } },
    pool: "forks"
  }
});
