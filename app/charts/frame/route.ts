import { buildChartFrame } from "#lib/chart/chart-frame.ts";
import { answer } from "../../answer.ts";

/** The frame that chart cells are drawn in: without an origin, and with a policy of its own. */
export const GET = answer("signed-in", async ({ bench }) => {
  const document = buildChartFrame(await bench.readChartRuntime());
  return new Response(document, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "private, max-age=3600",
      "content-security-policy":
        "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
    }
  });
});
