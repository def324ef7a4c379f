import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("..", import.meta.url));

export default defineConfig({
  root,
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/page/**", "node_modules/**"],
    env: { TZ: "UTC" },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    coverage: {
      provider: "v8",
      include: ["lib/**/*.ts"],
      exclude: ["lib/ports/**", "lib/browser/**"],
      reportsDirectory: "test/.artifacts/coverage",
      reporter: ["text-summary", "json-summary"],
      thresholds: { perFile: true, lines: 80 }
    }
  }
});
