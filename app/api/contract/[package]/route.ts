import { answer } from "../../../answer.ts";

export const GET = answer<{ readonly package: string }>("signed-in", async ({ bench, params }) =>
  bench.readPackageTypes(params.package)
);
