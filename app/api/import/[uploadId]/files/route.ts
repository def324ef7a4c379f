import { answer } from "../../../../answer.ts";

export const PUT = answer<{ readonly uploadId: string }>(
  "administer",
  async ({ bench: { uploads }, scope, params, request }) => {
    const name = new URL(request.url).searchParams.get("name") ?? "";
    const { files } = await uploads.add(scope, params.uploadId, name, request.body ?? new Blob([]).stream());
    return { files };
  }
);
