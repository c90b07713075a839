/** Rules of taps: they change nothing, have the shapes that are written down, and agree with one another. */
import { type Floats, FrugalError, type SignalName, type Signals, type Tap } from "@frugal/tensor";
import { type Check, differing, type Finding, firstFinding, type Trial } from "./trial.js";

export const SIGNALS: readonly (readonly [string, Check])[] = [
  ["changes no logit for a tap, bit for bit", tapsChangeNothing],
  ["gives signals of the documented shapes", shapes],
  ["gives attention whose rows sum to 1 and see nothing later", distributions],
  ["gives column mass and log-sum-exp that agree with attention", agreement],
  ["stacks the layers of a tap on each", stacks],
];

const ROWS = 5;
const PAST = 4;
const T = PAST + ROWS;

/** A model may refuse any of them but `hidden` with a CapabilityError. */
const NAMES: readonly SignalName[] = [
  "hidden",
  "attentionInput",
  "attentionOutput",
  "ffnInput",
  "ffnActivation",
  "ffnOutput",
  "query",
  "key",
  "value",
  "queryBeforeRope",
  "keyBeforeRope",
  "headOutput",
  "attention",
  "attentionLogits",
  "columnMass",
  "logSumExp",
];

/** -1 stands for any extent. */
function shapeOf(trial: Trial, signal: SignalName, rows: number): readonly number[] {
  const { queryHeadCount: H, kvHeadCount: G, headWidth: D, width: C } = trial.decoder;
  if (signal === "ffnActivation") return [rows, -1];
  if (signal === "key" || signal === "value" || signal === "keyBeforeRope") return [G, rows, D];
  if (signal === "query" || signal === "queryBeforeRope" || signal === "headOutput") {
    return [H, rows, D];
  }
  if (signal === "attention" || signal === "attentionLogits") return [H, rows, T];
  if (signal === "columnMass") return [H, T];
  return signal === "logSumExp" ? [H, rows] : [rows, C];
}

type Asked = Readonly<Record<string, Tap>>;

const tapOf = (signal: SignalName, more: Partial<Tap> = {}): Tap => ({
  signal,
  part: "decoder",
  layer: -1,
  ...more,
});

/** A step over `ROWS` rows behind `PAST` earlier ones. */
async function tapped(
  trial: Trial,
  needs: Asked,
  seedTokens: Uint32Array,
): Promise<{ readonly logits: Floats; readonly signals: Signals }> {
  const cache = trial.cache();
  await trial.logits({ cache, tokens: seedTokens.subarray(0, PAST) });
  const rows = [{ cache, tokens: seedTokens.subarray(PAST) }];
  const { logits, signals } = await trial.model.step({ rows, logits: "all", needs });
  return { logits: logits[0] as Floats, signals: signals[0] as Signals };
}

/** The signals that the model supplies. */
async function supplied(trial: Trial, names = NAMES): Promise<readonly SignalName[]> {
  const found: SignalName[] = [];
  for (const name of names) {
    try {
      await tapped(trial, { [name]: tapOf(name) }, trial.tokens(T));
      found.push(name);
    } catch (error) {
      if (name === "hidden" || !FrugalError.is(error, "CapabilityError")) throw error;
    }
  }
  return found;
}

const needsOf = (names: readonly SignalName[], more: Partial<Tap> = {}): Asked =>
  Object.fromEntries(names.map((name) => [name, tapOf(name, more)]));

async function tapsChangeNothing(trial: Trial): Promise<Finding> {
  const tokens = trial.tokens(T);
  const plain = await tapped(trial, {}, tokens);
  const all = await tapped(trial, needsOf(await supplied(trial), { layer: "each" }), tokens);
  if (Object.keys(plain.signals).length > 0) return "signals that nobody asked for";
  return differing("logits with taps", all.logits, plain.logits, 0);
}

async function shapes(trial: Trial): Promise<Finding> {
  const names = await supplied(trial);
  const choices: readonly (readonly [NonNullable<Tap["rows"]>, number])[] = [
    ["all", ROWS],
    ["last", 1],
    [{ last: 2 }, 2],
    [{ every: 2 }, 3],
    [[0, 3, 4], 3],
  ];
  for (const [rows, count] of choices) {
    const { signals } = await tapped(trial, needsOf(names, { rows }), trial.tokens(T));
    for (const name of names) {
      const wanted = shapeOf(trial, name, count);
      const dims = signals[name]?.dims ?? [];
      const fits =
        dims.length === wanted.length && dims.every((d, i) => wanted[i] === -1 || d === wanted[i]);
      if (!fits) return `${name} of rows ${JSON.stringify(rows)}: [${dims}], not [${wanted}]`;
      if (signals[name]?.data.length !== dims.reduce((a, b) => a * b, 1))
        return `${name}: too few elements`;
    }
  }
  return null;
}

async function distributions(trial: Trial): Promise<Finding> {
  if ((await supplied(trial, ["attention"])).length === 0) return null;
  const { signals } = await tapped(trial, needsOf(["attention"], { layer: 0 }), trial.tokens(T));
  const { data } = signals.attention as Floats;
  for (let at = 0; at < data.length; at += T) {
    const row = (at / T) % ROWS;
    let sum = 0;
    for (let t = 0; t < T; t++) {
      const weight = data[at + t] as number;
      if (!(weight >= 0)) return `row ${row}, slot ${t}: weight ${weight}`;
      if (t > PAST + row && weight !== 0) return `row ${row} sees slot ${t}`;
      sum += weight;
    }
    if (!(Math.abs(sum - 1) < 1e-4)) return `row ${row}: weights sum to ${sum}`;
  }
  return null;
}

async function agreement(trial: Trial): Promise<Finding> {
  const wanted = ["attention", "attentionLogits", "columnMass", "logSumExp"] as const;
  if ((await supplied(trial, wanted)).length < wanted.length) return null;
  const needs = { ...needsOf(wanted), largest: tapOf("columnMass", { reduce: "max" }) };
  const { signals } = await tapped(trial, needs, trial.tokens(T));
  const H = trial.decoder.queryHeadCount;
  const [mass, largest] = [new Float32Array(H * T), new Float32Array(H * T)];
  const sums = new Float32Array(H * ROWS);
  for (let h = 0; h < H; h++) {
    for (let row = 0; row < ROWS; row++) {
      let sum = 0;
      for (let t = 0; t < T; t++) {
        const at = (h * ROWS + row) * T + t;
        const weight = signals.attention?.data[at] as number;
        mass[h * T + t] = (mass[h * T + t] as number) + weight;
        largest[h * T + t] = Math.max(largest[h * T + t] as number, weight);
        sum += Math.exp(signals.attentionLogits?.data[at] as number);
      }
      sums[h * ROWS + row] = Math.log(sum);
    }
  }
  const floats = (dims: readonly number[], data: Float32Array): Floats => ({
    type: "float32",
    location: "cpu",
    dims,
    data,
  });
  return firstFinding([
    () => differing("column mass", signals.columnMass, floats([H, T], mass), 1e-4),
    () => differing("largest column mass", signals.largest, floats([H, T], largest), 1e-4),
    () => differing("log-sum-exp", signals.logSumExp, floats([H, ROWS], sums), 1e-4),
  ]);
}

async function stacks(trial: Trial): Promise<Finding> {
  const { layerCount } = trial.decoder;
  const tokens = trial.tokens(T);
  const single = Object.fromEntries(
    Array.from({ length: layerCount }, (_, layer) => [`at ${layer}`, tapOf("hidden", { layer })]),
  );
  const needs = { ...single, each: tapOf("hidden", { layer: "each" }) };
  const { signals } = await tapped(trial, needs, tokens);
  const { dims, data } = signals.each as Floats;
  if (dims[0] !== layerCount || dims.length !== 3) return `hidden of each layer: [${dims}]`;
  const size = data.length / layerCount;
  return firstFinding(
    Array.from({ length: layerCount }, (_, l) => () => {
      const part = { dims: dims.slice(1), data: data.slice(l * size, (l + 1) * size) };
      const own: Floats = { type: "float32", location: "cpu", ...part };
      return differing(`layer ${l} of the stack`, own, signals[`at ${l}`], 0);
    }),
  );
}
