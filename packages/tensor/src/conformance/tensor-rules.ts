/**
 * Facts that the tensor interface rests on, asked anew of this package and of the ONNX Runtimes that are handed in.
 *
 * Use      for (const rule of tensorRules({ web: ort })) test(rule.name, rule.check);
 * Needs    nothing but the modules passed in; without any, only the rules of our own tensors
 * Errors   ConformanceError naming the rule: an upgrade has changed a fact
 */
import { ConformanceError } from "../errors/index.js";
import { judged, type Rule } from "./rule.js";
import { ORT_RULES, type OrtRuntime } from "./tensor/ort-rules.js";
import { OWN_RULES } from "./tensor/own-rules.js";

export interface OrtRuntimes {
  readonly node?: OrtRuntime;
  readonly web?: OrtRuntime;
}

export function tensorRules(ort: OrtRuntimes = {}): readonly Rule[] {
  const own = Object.entries(OWN_RULES).map(([name, claim]) =>
    ruleOf("tensor", name, (require) => claim(require)),
  );
  const theirs = Object.entries(ort).flatMap(([key, runtime]) => {
    if (runtime === undefined) return [];
    const subject = `onnxruntime-${key}`;
    return Object.entries(ORT_RULES).map(([name, claim]) =>
      ruleOf(subject, `${subject} ${name}`, (require) => claim(runtime as OrtRuntime, require)),
    );
  });
  return [...own, ...theirs];
}

function ruleOf(
  subject: string,
  name: string,
  claim: (require: (holds: boolean, detail: string) => void) => unknown,
): Rule {
  return {
    name,
    check: () =>
      judged(subject, name, "its only case", () =>
        claim((holds, detail) => {
          if (!holds) throw new ConformanceError(subject, name, "its only case", detail);
        }),
      ),
  };
}
