import { answer } from "../../../answer.ts";
import { workbench } from "../../../workbench.ts";

export function GET(
  _request: Request,
  { params }: { readonly params: Promise<{ package: string }> }
): Promise<Response> {
  return answer(async () => workbench().readPackageTypes((await params).package));
}
