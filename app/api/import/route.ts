import type { UploadReply } from "#lib/wire/import.ts";
import { answer } from "../../answer.ts";

export const POST = answer("administer", async ({ bench: { uploads }, scope }): Promise<UploadReply> => {
  const { uploadId } = await uploads.begin(scope);
  return { uploadId, businessUnits: scope.businessUnits, mayName: scope.roles.includes("admin") };
});
