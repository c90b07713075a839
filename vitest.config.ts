import { defineConfig } from "vitest/config";

const conditions = ["@frugal/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      "packages/*/{src,test}/**/*.test.ts",
      "apps/*/{src,test}/**/*.test.ts",
      "tooling/*/{src,test}/**/*.test.ts",
      "examples/*/test/**/*.test.ts",
    ],
    globalSetup: ["tooling/vitest-setup.ts"],
    testTimeout: 60_000,
  },
});
