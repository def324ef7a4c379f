/** @type {import("next").NextConfig} */
export default {
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  distDir: process.env.NEXT_DIST ?? ".next",
  // The type check is part of `npm test`; the build does not repeat it.
  typescript: { ignoreBuildErrors: true },
  // A browser asks for this one where a document names no icon, which between two pages is so for a moment.
  redirects: async () => [{ source: "/favicon.ico", destination: "/icon.svg", permanent: false }]
};
