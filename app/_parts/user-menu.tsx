"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { ask } from "#lib/browser/api.ts";
import type { Place } from "#lib/browser/places.ts";
import type { Right } from "#lib/model/rights.ts";
import { peoplePaths } from "#lib/wire/people-paths.ts";
import { Icon } from "./icon.tsx";
import { NavPages } from "./nav-pages.tsx";

/** Who looks at the pages. */
export interface FramePerson {
  readonly name: string;
  /** Nobody has an account yet: whoever reaches the port is the owner. */
  readonly isLocal: boolean;
  /** Those that they hold in some unit. */
  readonly rights: readonly Right[];
}

interface UserMenuProps {
  readonly person: FramePerson;
  /** Pages that they have a use for. */
  readonly pages: readonly Place[];
}

/** Who is signed in, the people they look after, and the way out. */
export function UserMenu({ person: { name, isLocal }, pages }: UserMenuProps) {
  const path = usePathname();
  const signOut = async () => {
    await ask(peoplePaths.signIn(), "DELETE");
    location.assign("/sign-in");
  };
  return (
    <>
      <NavPages pages={pages} icons={{ "/people": "person", "/audit": "shield" }} />
      <Link
        className="nav-item"
        href="/account"
        aria-label={`${name}, your account`}
        aria-current={path === "/account" ? "page" : undefined}
      >
        <span className="nav-initial" aria-hidden="true" data-initial={[...name][0]?.toUpperCase()} />
        <span className="nav-label nav-name" title={name}>
          {name}
        </span>
      </Link>
      {isLocal ? null : (
        <button type="button" className="button button-quiet button-small" onClick={() => void signOut()}>
          <Icon name="leave" />
          <span className="nav-label">Sign out</span>
        </button>
      )}
    </>
  );
}
