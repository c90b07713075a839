/** Rules by name: what each asks of a trial. */
import type { Trial } from "./trial.js";

export type Claims = Readonly<Record<string, (trial: Trial) => Promise<void>>>;
