import { answer } from "../../../answer.ts";
import { workbench } from "../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly uploadId: string }>;
}

export function DELETE(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { uploads, scope } = workbench();
    await uploads.remove(await scope(), (await params).uploadId);
  });
}
