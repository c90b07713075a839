/** The texts of a run: random ones that look for trouble, and stretches of real ones. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SPACES = [
  ..." \t\n\r\v\f\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008",
  ..."\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u180e\u200b\u2060\ufeff",
  "\r\n",
  "\n\n",
  "  ",
  " \n",
];
const CONTRACTIONS =
  "'s 't 're 've 'm 'll 'd 'S 'T 'RE 'Re 'VE 'vE 'M 'LL 'lL 'D ’s ’t ’re 'ſ 'ſt ' '' 'x '1".split(
    " ",
  );
const EMOJI = [
  ..."😀🦜👍🏽❤✈🇩🇪🇫👩\u200d\ufe0f\ufe0e🏻\u20e3©™",
  "👩\u200d👩\u200d👧",
  "🏳\ufe0f\u200d🌈",
  "🇩🇪🇫🇷",
  "1\ufe0f\u20e3",
];
const MARKS = [
  ..."\u0300\u0301\u0308\u0323\u0345\u0334\u0338\u05b0\u0651\u064e\u093e\u094d\u0e33\u0e48\u3099\u309a\u20dd\u0488",
];
const CONTROLS = [
  ..."\0\x01\x07\x08\x1b\x1f\x7f\x80\x9f\u00ad\u200c\u200d\u200e\u202e\u2066\ufffe\uffff\ufff9",
];
const ODD = [
  ..."ſKÅİıßẞŉǰΐσςΣΩﬁﬃǅⅣⅳⅫↈ①½²³٣۴९๓〇三百ªº_·՚״¡¿«»„“”‘’—–…‥、。！？￥€$^`~|\\/<>[]{}()@#%&*+=-",
  "\ud800",
  "\udc00",
  "\ud83d",
];
const WORDS = (
  "constructor __proto__ toString hasOwnProperty valueOf the The THE don't I'LL we'Re naïve Straße İstanbul " +
  "camelCase HTTPServer snake_case 3.14159 1,000,000 12345678 0xFF https://example.com/a?b=c#d a@b.co " +
  "function(){return} </div> != === -> #include \\n %s ||| ... !!! ??? ______ ------ ====== //// \t\t\t " +
  "Привет ПРИВЕТ мир γειά Ελλάς مرحبا السلام שלום नमस्ते สวัสดี こんにちは カタカナ 漢字 한국어 中文字符 ქართული հայերեն ⅷth x²"
).split(" ");

/** Blocks from which single characters are drawn, [first, last]. */
const BLOCKS = [
  [0x20, 0x7e],
  [0xa0, 0x24f],
  [0x250, 0x36f],
  [0x370, 0x52f],
  [0x530, 0x6ff],
  [0x700, 0x97f],
  [0x980, 0xfff],
  [0x1000, 0x1fff],
  [0x2000, 0x2bff],
  [0x2c00, 0x2fff],
  [0x3000, 0x33ff],
  [0x4e00, 0x9fff],
  [0xa000, 0xabff],
  [0xac00, 0xd7ff],
  [0xf900, 0xffff],
  [0x10000, 0x11fff],
  [0x1d000, 0x1daff],
  [0x1f000, 0x1faff],
  [0x20000, 0x2ffff],
  [0xe0000, 0x10ffff],
];

/** Makes random texts. `tokens`: added tokens of the vocabulary; `pieces`: some of its other tokens, as text. */
export function generator(seed, tokens, pieces) {
  const random = seeded(seed);
  const below = (n) => Math.floor(random() * n);
  const one = (list) => list[below(list.length)];
  const inBlock = () => {
    const [first, last] = one(BLOCKS);
    return String.fromCodePoint(first + below(last - first + 1));
  };
  const cut = (token) =>
    random() < 0.5 ? token.slice(below(token.length)) : token.slice(0, below(token.length));
  const run = (piece) => piece.repeat(1 + below(random() < 0.02 ? 400 : 12));
  const parts = [
    () => one(SPACES),
    () => run(one(SPACES)),
    () => " ",
    () => one(WORDS) + one(CONTRACTIONS),
    () => one(EMOJI),
    () => one(EMOJI) + one(EMOJI),
    () => one(WORDS) + one(MARKS),
    () => run(one(MARKS)),
    () => one(CONTROLS),
    () => one(ODD),
    () => run(one(ODD)),
    () => one(WORDS),
    () => ` ${one(WORDS)}`,
    () => String(below(10 ** (1 + below(9)))),
    () => inBlock(),
    () => inBlock() + inBlock() + inBlock(),
    () => run(inBlock()),
    () => (pieces.length > 0 ? one(pieces) : one(WORDS)),
    () => (pieces.length > 0 ? one(pieces) + one(pieces) : one(WORDS)),
    () => (tokens.length > 0 ? one(tokens) : one(WORDS)),
    () => (tokens.length > 0 ? cut(one(tokens)) : one(WORDS)),
  ];
  return () => {
    let text = "";
    for (let count = 1 + below(10); count > 0; count--) text += one(parts)();
    return text;
  };
}

/** Real texts in stretches of about `length` characters: books, languages, code. */
export function* corpora(data, length = 2000) {
  if (data !== undefined) {
    const options = { encoding: "utf8", maxBuffer: 2 ** 28 };
    const books = execFileSync("xz", ["-dc", `${data}/fairy-books.txt.xz`], options);
    yield { name: "books", texts: stretches(books.slice(0, 1 << 20), length) };
    const zip = `${data}/udhr2.zip`;
    const listed = execFileSync("unzip", ["-Z1", zip], options);
    const files = listed.split("\n").filter((file) => file.endsWith(".txt"));
    const step = Math.max(1, Math.floor(files.length / 60));
    const texts = files
      .filter((_, i) => i % step === 0)
      .flatMap((file) => stretches(execFileSync("unzip", ["-p", zip, file], options), length));
    yield { name: "languages", texts };
  }
  yield { name: "code", texts: stretches(code(1 << 20), length) };
}

function stretches(text, length) {
  const found = [];
  for (let at = 0; at < text.length; at += length) found.push(text.slice(at, at + length));
  return found;
}

/** JavaScript of the installed tools. */
function code(length) {
  const folder = new URL("../../node_modules/typescript/lib/", import.meta.url);
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".js"))
    .sort();
  return files
    .map((file) => readFileSync(new URL(file, folder), "utf8").slice(0, length))
    .join("")
    .slice(0, length);
}
