/**
 * Starts a headless Chromium: the one that CHROME_PATH names, or the one that came with the packages.
 *
 * Cost     the first start unpacks 200 MB into node_modules/.cache, some seconds
 * Errors   one Error that holds every cause and names CHROME_PATH
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { chromium } from "playwright-core";

const CACHE = fileURLToPath(new URL("../node_modules/.cache/", import.meta.url));
const FLAGS = [
  "--no-sandbox",
  "--headless=new",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
  "--disable-dev-shm-usage",
];
const START_MS = 30_000;

export async function startChromium() {
  const { CHROME_PATH } = process.env;
  if (CHROME_PATH) {
    return launch(CHROME_PATH, process.env).catch((cause) => {
      throw failure(`the Chromium at CHROME_PATH (${CHROME_PATH}) does not start`, [cause]);
    });
  }
  const causes = [];
  try {
    const folder = await unpacked();
    // The host's libraries go first; the packed ones stand in where the host has none.
    for (const libraries of ["", join(folder, "al2023", "lib")]) {
      try {
        return await launch(join(folder, "chromium"), environment(folder, libraries));
      } catch (cause) {
        causes.push(cause);
      }
    }
  } catch (cause) {
    causes.push(cause);
  }
  throw failure(
    "the bundled Chromium does not run here; set CHROME_PATH to the executable of a Chrome or Chromium",
    causes,
  );
}

function launch(executablePath, env) {
  return chromium.launch({ executablePath, args: FLAGS, env, headless: true, timeout: START_MS });
}

function failure(message, causes) {
  const reasons = new Set(causes.flatMap(reasonsOf));
  return new Error([message, ...reasons].join("\n"), { cause: causes[0] });
}

/** The first line, what the browser wrote, and how it ended; not the command line with its many flags. */
function reasonsOf(cause) {
  const [first, ...log] = stripVTControlCharacters(String(cause?.message ?? cause)).split("\n");
  const told = log.flatMap(
    (line) => /\[err\] (.+)/.exec(line)?.[1] ?? /exitCode=\S+ signal=\w+/.exec(line)?.[0] ?? [],
  );
  return [first, ...told];
}

/** Unpacks beside and renames, so that a broken or a second run never leaves half a browser. */
async function unpacked() {
  const version = bundledVersion();
  const folder = join(CACHE, `chromium-${version}`);
  if (existsSync(join(folder, "chromium"))) return folder;
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    await unpackInto(unfinished);
    writeFileSync(join(unfinished, "fonts.conf"), fontConfig(folder));
    try {
      renameSync(unfinished, folder);
    } catch (error) {
      if (!existsSync(join(folder, "chromium"))) throw error;
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** The package unpacks into the temporary folder, and its libraries only where it takes the host for a bare one. */
async function unpackInto(folder) {
  const names = ["TMPDIR", "AWS_LAMBDA_JS_RUNTIME", "LD_LIBRARY_PATH", "FONTCONFIG_PATH", "HOME"];
  const before = names.map((name) => [name, process.env[name]]);
  process.env.TMPDIR = folder;
  process.env.AWS_LAMBDA_JS_RUNTIME = "nodejs20.x";
  try {
    const { default: bundled } = await import("@sparticuz/chromium");
    await bundled.executablePath();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

function bundledVersion() {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const manifest = join(entry, "..", "..", "..", "package.json");
  return JSON.parse(readFileSync(manifest, "utf8")).version;
}

function environment(folder, libraries) {
  const { LD_LIBRARY_PATH } = process.env;
  const path = [LD_LIBRARY_PATH, libraries].filter(Boolean).join(":");
  return {
    ...process.env,
    FONTCONFIG_FILE: join(folder, "fonts.conf"),
    ...(path ? { LD_LIBRARY_PATH: path } : {}),
  };
}

/** The host's fonts, and the packed ones where it has none. */
const fontConfig = (folder) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${join(folder, "fonts")}</dir>
  <cachedir>${join(folder, "fonts-cache")}</cachedir>
</fontconfig>
`;
