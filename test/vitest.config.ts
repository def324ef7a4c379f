import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("..", import.meta.url));

export default defineConfig({
  root,
  // Routes are read as the server reads them.
  resolve: { alias: { "server-only": `${root}/node_modules/server-only/empty.js` } },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/page/**", "node_modules/**"],
    env: { TZ: "UTC" },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    // Test files share their process: loading the engine and the compiler anew for each would take a third of the time.
    isolate: false,
    coverage: {
      provider: "v8",
      include: ["lib/**/*.ts"],
      exclude: [
        "lib/ports/**",
        // Run in a browser, in the sandbox or in a thread of their own, where coverage does not reach.
        "lib/browser/**",
        "lib/chart/frame-runtime.ts",
        "lib/server/sandbox/child.ts",
        "lib/server/sandbox/child-call.ts",
        "lib/server/sandbox/child-globals.ts",
        "lib/server/sandbox/child-timers.ts",
        "lib/server/sandbox/child-turns.ts",
        "lib/server/sandbox/chart-child.ts",
        "lib/server/type-checker.ts",
        "lib/server/map/worker.ts",
        "lib/server/embed/local-worker.ts",
        "lib/server/embed/sentence-model.ts",
        // Compiled to WebAssembly; the suite of the kernels runs the bytes.
        "lib/map/wasm/**",
        "lib/server/intake/worker.ts",
        // Open and start everything; the page tests are their tests.
        "lib/server/workbench.ts",
        "lib/server/background.ts"
      ],
      reportsDirectory: "test/.artifacts/coverage",
      reporter: ["text-summary", "json-summary"],
      thresholds: { perFile: true, lines: 80 }
    }
  }
});
