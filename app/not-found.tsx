import type { Metadata } from "next";
import Link from "next/link";

export const metadata: Metadata = { title: "Not found" };

/** An address that leads nowhere. */
export default function NotFound() {
  return (
    <>
      <header className="title-bar">
        <h1>Not found</h1>
      </header>
      <div className="content content-prose">
        <div className="notice notice-empty">
          <p>There is no page at this address.</p>
          <p className="soft">
            Go <Link href="/">Home</Link>, to the <Link href="/traces">traces</Link> or the{" "}
            <Link href="/workbooks">workbooks</Link>; <span className="kbd">Ctrl K</span> finds the rest.
          </p>
        </div>
      </div>
    </>
  );
}
