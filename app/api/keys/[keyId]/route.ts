import { answer } from "../../../answer.ts";
import { workbench } from "../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly keyId: string }>;
}

export function DELETE(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { ingestKeys, scope } = workbench();
    await ingestKeys.revoke(await scope(), (await params).keyId);
  });
}
