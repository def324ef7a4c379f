import { answer } from "../../../answer.ts";

export const DELETE = answer<{ readonly uploadId: string }>(
  "administer",
  async ({ bench: { uploads }, scope, params }) => {
    await uploads.remove(scope, params.uploadId);
  }
);
