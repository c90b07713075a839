import { defineConfig } from "vitest/config";

const conditions = ["@frugal/source"];

/** Tests on data that is not in the repository, whose folder FRUGAL_DATA names: `vitest run --mode data`. */
const DATA_TESTS = ["packages/*/test/**/*.data.ts"];

export default defineConfig(({ mode }) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include:
      mode === "data"
        ? DATA_TESTS
        : [
            "packages/*/{src,test}/**/*.test.ts",
            "apps/*/{src,test}/**/*.test.ts",
            "tooling/*/{src,test}/**/*.test.ts",
            "examples/*/test/**/*.test.ts",
          ],
    globalSetup: ["tooling/vitest-setup.ts"],
    testTimeout: 60_000,
  },
}));
