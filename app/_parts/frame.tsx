"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useMemo, useState } from "react";
import { pagesFor } from "#lib/browser/places.ts";
import { chooseTheme, type Theme } from "#lib/browser/theme.ts";
import { isEntrance } from "#lib/wire/people-paths.ts";
import { BrandMark, Icon, type IconName } from "./icon.tsx";
import { NavPages } from "./nav-pages.tsx";
import { Palette } from "./palette.tsx";
import { type FramePerson, UserMenu } from "./user-menu.tsx";

/** Pages that stand at the top of the navigation. */
const mainIcons: Readonly<Record<string, IconName>> = {
  "/": "home",
  "/workbooks": "book",
  "/traces": "trace",
  "/sessions": "talk",
  "/scorers": "score",
  "/maps": "map",
  "/queues": "queue",
  "/datasets": "set",
  "/runs": "run"
};

const nextTheme: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };

interface FrameProps {
  readonly theme: Theme;
  /** Null while nobody is signed in. */
  readonly person: FramePerson | null;
  readonly children: React.ReactNode;
}

/** Navigation at the left, the page at the right, the palette over both. */
export function Frame({ theme, person, children }: FrameProps) {
  const path = usePathname();
  const [chosen, setChosen] = useState<Theme>(theme);
  const [palette, setPalette] = useState(false);
  const pages = useMemo(() => pagesFor(person?.rights ?? []), [person]);
  if (person === null || isEntrance(path)) return <main>{children}</main>;
  return (
    <div className="frame">
      <nav className="nav" aria-label="Main">
        <Link className="nav-brand" href="/" aria-label="Tracebook, home">
          <BrandMark />
          <span className="nav-label">Tracebook</span>
        </Link>
        <NavPages pages={pages} icons={mainIcons} />
        <div className="nav-foot">
          {person.isLocal ? (
            <p className="nav-note nav-label">
              One local owner, no password: everybody who can reach this machine's port is that owner.{" "}
              <Link href="/set-up">Make an account</Link>
            </p>
          ) : null}
          <UserMenu person={person} pages={pages} />
          <NavPages pages={pages} icons={{ "/keys": "key" }} />
          <button type="button" className="button button-quiet button-small" onClick={() => setPalette(true)}>
            <Icon name="search" />
            <span className="nav-label">Go to…</span>
            <span className="kbd nav-label">Ctrl K</span>
          </button>
          <button
            type="button"
            className="button button-quiet button-small"
            aria-label={`Theme: ${chosen}. Switch to ${nextTheme[chosen]}`}
            onClick={() => {
              setChosen(nextTheme[chosen]);
              chooseTheme(nextTheme[chosen]);
            }}
          >
            <Icon name="theme" />
            <span className="nav-label">Theme: {chosen}</span>
          </button>
        </div>
      </nav>
      <main className="main">{children}</main>
      <Palette pages={pages} open={palette} onOpen={setPalette} />
    </div>
  );
}
