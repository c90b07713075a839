/** Builds the pages; `@frugal/*` resolve to their published entry points, as they do for anyone. */
import { fileURLToPath } from "node:url";
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
  logLevel: "warn",
  customLogger: logger,
  worker: { format: "es" },
  build: {
    outDir: at("dist"),
    emptyOutDir: true,
    target: "es2022",
    rolldownOptions: { input: [at("page/index.html"), at("page/rules.html")] },
  },
});
