import type { Metadata } from "next";
import { cookies } from "next/headers";
import { Frame } from "./_parts/frame.tsx";
import type { FramePerson } from "./_parts/user-menu.tsx";
import { findAsker, listRights } from "./asker.ts";
import "./style.css";

export const metadata: Metadata = {
  title: { default: "Tracebook", template: "%s · Tracebook" },
  description: "A notebook workbench for the traces of AI agents"
};

/** The page around every page: navigation, palette and the chosen theme. Who comes in by an entrance sees that alone. */
export default async function Layout({ children }: { readonly children: React.ReactNode }) {
  const chosen = (await cookies()).get("theme")?.value;
  const theme = chosen === "dark" || chosen === "light" ? chosen : "system";
  const person = await findPerson();
  return (
    <html lang="en" data-theme={theme}>
      <body>
        <Frame theme={theme} person={person}>
          {children}
        </Frame>
      </body>
    </html>
  );
}

async function findPerson(): Promise<FramePerson | null> {
  const asker = await findAsker();
  if (!asker) return null;
  return { name: asker.name, isLocal: asker.via.method === "local", rights: await listRights(asker) };
}
