import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly uploadId: string }>;
}

export function PUT(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { uploads, scope } = workbench();
    const name = new URL(request.url).searchParams.get("name") ?? "";
    const { files } = await uploads.add(
      await scope(),
      (await params).uploadId,
      name,
      request.body ?? new Blob([]).stream()
    );
    return { files };
  });
}
