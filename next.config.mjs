/** @type {import("next").NextConfig} */
export default {
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  // The type check is part of `npm test`; the build does not repeat it.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ["@duckdb/node-api", "esbuild", "typescript", "pg", "pg-boss", "kysely"],
  experimental: { cpus: 2 }
};
