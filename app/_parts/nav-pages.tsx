"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { Place } from "#lib/browser/places.ts";
import { Icon, type IconName } from "./icon.tsx";
import { MentionCount } from "./mention-count.tsx";

interface NavPagesProps {
  /** Pages that the reader has a use for. */
  readonly pages: readonly Place[];
  /** By address: those of the pages that stand here. */
  readonly icons: Readonly<Record<string, IconName>>;
}

/** Links to pages, each with its icon; the one that is open is marked. */
export function NavPages({ pages, icons }: NavPagesProps) {
  const path = usePathname();
  const isHere = (href: string) => path === href || (href !== "/" && path.startsWith(`${href}/`));
  return pages.map(({ href, label }) => {
    const icon = icons[href];
    return icon ? (
      <Link key={href} className="nav-item" href={href} aria-current={isHere(href) ? "page" : undefined}>
        <Icon name={icon} />
        <span className="nav-label">{label}</span>
        {href === "/" ? <MentionCount /> : null}
      </Link>
    ) : null;
  });
}
