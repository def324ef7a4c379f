import type { Metadata } from "next";
import { headers } from "next/headers";
import Link from "next/link";
import { redirect } from "next/navigation";
import { isFault, reportOf } from "#lib/model/fault.ts";
import { parseSpanId } from "#lib/model/trace-id.ts";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { scopeFor } from "../../answer.ts";
import { workbench } from "../../workbench.ts";

export const metadata: Metadata = { title: "Trace" };

interface Props {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<{ readonly span?: string | string[] }>;
}

/** Where other tools link to: any way to write a trace's id leads to the trace, `?span` to a span of it. */
export default async function Page({ params, searchParams }: Props) {
  const found = await locate(decodeURIComponent((await params).id));
  if (typeof found !== "string") {
    return (
      <>
        <header className="title-bar">
          <h1>Trace</h1>
        </header>
        <div className="content">
          <StateNotice
            notice={{
              kind: "fault",
              fault: found,
              action: (
                <Link className="button" href="/traces">
                  All traces
                </Link>
              )
            }}
          />
        </div>
      </>
    );
  }
  const { span } = await searchParams;
  const spanId = typeof span === "string" ? parseSpanId(span) : undefined;
  redirect(`/traces/${found}${spanId === undefined ? "" : `?span=${spanId}`}`);
}

async function locate(written: string) {
  const bench = workbench();
  try {
    return await bench.traces.locate(await scopeFor(bench, await headers(), "read"), written);
  } catch (error) {
    if (!isFault(error)) throw error;
    return reportOf(error);
  }
}
