import type { UploadReply } from "#lib/wire/import.ts";
import { answer } from "../../answer.ts";
import { workbench } from "../../workbench.ts";

export function POST(): Promise<Response> {
  return answer(async (): Promise<UploadReply> => {
    const { uploads, scope } = workbench();
    const owner = await scope();
    const { uploadId } = await uploads.begin(owner);
    return { uploadId, businessUnits: owner.businessUnits, mayName: owner.roles.includes("admin") };
  });
}
