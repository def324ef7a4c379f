/** Light, dark, or what the system prefers. */
export type Theme = "system" | "light" | "dark";

/** Applies a theme at once and keeps it for a year, so that the server draws the next page in it. */
export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  window.dispatchEvent(new Event("tracebook-theme"));
}

/** True when the page is drawn dark now. */
export function isDark(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  return chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
}

/** Calls back whenever dark and light change, by the switch or by the system. Returns how to stop. */
export function watchTheme(changed: (dark: boolean) => void): () => void {
  const media = matchMedia("(prefers-color-scheme: dark)");
  const tell = () => changed(isDark());
  media.addEventListener("change", tell);
  window.addEventListener("tracebook-theme", tell);
  return () => {
    media.removeEventListener("change", tell);
    window.removeEventListener("tracebook-theme", tell);
  };
}
