// Finds the browser that page tests drive, or installs the system's package where that is possible.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const places = [
  process.env.TRACEBOOK_BROWSER,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium"
];

/** Path of a Chromium. Ends the process with what to do when there is none and none can be installed. */
export function findBrowser() {
  const found = places.find((path) => path && existsSync(path));
  if (found) return found;
  if (process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.log("Installing the system package chromium for the page tests …");
    const quiet = {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
    };
    spawnSync("apt-get", ["update", "-qq"], quiet);
    spawnSync("apt-get", ["install", "-y", "-qq", "chromium"], quiet);
    const installed = places.find((path) => path && existsSync(path));
    if (installed) return installed;
  }
  console.error(
    "The page tests need Chromium and there is none.\n" +
      "Install it (Debian: apt-get install chromium), or set TRACEBOOK_BROWSER to the path of a Chromium or Chrome."
  );
  process.exit(1);
}
