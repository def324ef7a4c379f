"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { carryFiles } from "#lib/browser/carried-files.ts";
import { listDropped } from "#lib/browser/upload.ts";
import { Icon } from "./icon.tsx";
import "./import-drop.css";

/** A link to the import; files that are dropped anywhere on its page are taken there. */
export function ImportDrop() {
  const router = useRouter();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const onOver = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    // Leaving one element for another within the page names the other.
    const onLeave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const onDrop = (event: DragEvent) => {
      if (!event.dataTransfer || !holdsFiles(event)) return;
      event.preventDefault();
      setOver(false);
      void listDropped(event.dataTransfer.items).then((files) => {
        carryFiles(files);
        router.push("/import");
      });
    };
    window.addEventListener("dragover", onOver);
    window.addEventListener("dragleave", onLeave);
    window.addEventListener("drop", onDrop);
    return () => {
      window.removeEventListener("dragover", onOver);
      window.removeEventListener("dragleave", onLeave);
      window.removeEventListener("drop", onDrop);
    };
  }, [router]);
  return (
    <>
      <Link className="button" href="/import">
        <Icon name="upload" />
        Import
      </Link>
      {over ? (
        <div className="import-drop" aria-hidden="true">
          Drop to import
        </div>
      ) : null}
    </>
  );
}
