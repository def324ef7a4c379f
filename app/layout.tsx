import type { Metadata } from "next";
import { cookies } from "next/headers";
import { Frame } from "./_parts/frame.tsx";
import "./style.css";

export const metadata: Metadata = {
  title: { default: "Tracebook", template: "%s · Tracebook" },
  description: "A notebook workbench for the traces of AI agents"
};

/** The page around every page: navigation, palette and the chosen theme. */
export default async function Layout({ children }: { readonly children: React.ReactNode }) {
  const chosen = (await cookies()).get("theme")?.value;
  const theme = chosen === "dark" || chosen === "light" ? chosen : "system";
  return (
    <html lang="en" data-theme={theme}>
      <body>
        <Frame theme={theme}>{children}</Frame>
      </body>
    </html>
  );
}
