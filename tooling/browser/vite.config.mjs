/**
 * Builds the pages; `@frugal/*` resolve to their published entry points, as they do for anyone.
 *
 * Use      npx vite    in this folder serves the page, and the models beside it
 */
import { fileURLToPath } from "node:url";
import { modelDirectory } from "@frugal/reference-models";
import { createLogger, defineConfig } from "vite";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Said of code that a page never reaches, or of folders that its server gives. */
const EXPECTED = [
  "has been externalized for browser compatibility",
  'new URL("../models/',
  "INEFFECTIVE_DYNAMIC_IMPORT",
];
const logger = createLogger("warn");
const { warn, warnOnce } = logger;
const isNews = (message) => !EXPECTED.some((text) => message.includes(text));
logger.warn = (message, options) => isNews(message) && warn(message, options);
logger.warnOnce = (message, options) => isNews(message) && warnOnce(message, options);

export default defineConfig({
  root: at("page"),
  base: "./",
  // Served as they lie, and copied nowhere: the page asks for models/scenes.
  publicDir: fileURLToPath(new URL("../../", modelDirectory("scenes"))),
  logLevel: "warn",
  customLogger: logger,
  worker: { format: "es" },
  build: {
    outDir: at("dist"),
    emptyOutDir: true,
    copyPublicDir: false,
    target: "es2022",
    rolldownOptions: { input: [at("page/index.html"), at("page/rules.html")] },
  },
});
