/** Runs the rules of a back end on `wasm()` in this page, one list item each; `?build=simd` picks a build. */
import { wasm } from "@frugal/kernels-wasm";
import { backendRules } from "@frugal/tensor/conformance";

const asked = new URLSearchParams(location.search).get("build");
const build = asked === "simd" || asked === "relaxed" ? asked : "auto";
const list = document.getElementById("rules") as HTMLOListElement;

for (const rule of backendRules(() => wasm({ build }))) {
  const item = document.createElement("li");
  list.append(item);
  item.textContent = rule.name;
  const started = performance.now();
  try {
    await rule.check();
    item.className = "passed";
  } catch (error) {
    item.className = "failed";
    item.dataset.problem = error instanceof Error ? error.message : String(error);
    item.textContent = `${rule.name}: ${item.dataset.problem}`;
  }
  item.dataset.rule = rule.name;
  item.dataset.ms = String(performance.now() - started);
  await new Promise((resolve) => setTimeout(resolve));
}
document.body.dataset.state = "done";
