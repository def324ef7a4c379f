"use client";
import Link from "next/link";
import type { HomeReply } from "#lib/wire/home.ts";
import { RunTable } from "./run-table.tsx";

/** What ran last, and whether it passed. */
export function HomeRuns({ runs }: { readonly runs: HomeReply["runs"] }) {
  return (
    <section aria-label="Recent runs">
      <h2 style={{ marginBottom: 8 }}>Recent runs</h2>
      <RunTable runs={runs} />
      {runs.length > 0 ? (
        <p style={{ marginTop: 8 }}>
          <Link href="/runs">All runs</Link>
        </p>
      ) : null}
    </section>
  );
}
