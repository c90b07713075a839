/**
 * Splits where the script changes.
 *
 * Paper    none (the pre-tokenizer of Hugging Face tokenizers)
 * Cost     one pass; a character seen for the first time is asked for each script
 * State    the scripts of the characters seen
 * Differs  Hiragana, Katakana and U+30FC count as Han; a space or a character without a script goes with what is before
 *          it, and is dropped at the front, as in Hugging Face tokenizers. Scripts are those of Unicode 9.0
 */
import { classOf, SINCE_10 } from "../text/unicode-age.js";
import type { Splitter } from "./split.js";

const NAMES =
  "Latin Common Inherited Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak " +
  "Bengali Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham " +
  "Cherokee Coptic Cuneiform Cypriot Cyrillic Deseret Devanagari Duployan Egyptian_Hieroglyphs Elbasan Ethiopic " +
  "Georgian Glagolitic Gothic Grantha Greek Gujarati Gurmukhi Hangul Hanunoo Hatran Hebrew Imperial_Aramaic " +
  "Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Kayah_Li Kharoshthi Khmer Khojki Khudawadi Lao " +
  "Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian Mahajani Malayalam Mandaic Manichaean Marchen Meetei_Mayek " +
  "Mende_Kikakui Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar Nabataean New_Tai_Lue " +
  "Newa Nko Ogham Ol_Chiki Old_Hungarian Old_Italic Old_North_Arabian Old_Permic Old_Persian Old_South_Arabian " +
  "Old_Turkic Oriya Osage Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic " +
  "Samaritan Saurashtra Sharada Shavian Siddham SignWriting Sinhala Sora_Sompeng Sundanese Syloti_Nagri Syriac Tagalog " +
  "Tagbanwa Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Ugaritic Vai " +
  "Warang_Citi Yi";
/** Characters that had another script in 9.0 than they have now. */
const FORMERLY: ReadonlyMap<number, string> = /* @__PURE__ */ new Map([
  [0x589, "Common"],
  [0x61c, "Common"],
  [0x953, "Devanagari"],
  [0x954, "Devanagari"],
]);
/** Of a space, and of a character without a script. */
export const ANY = -1;
/** What `scriptFinder` gives for these two, the second and the third of the list. */
export const COMMON = 2;
export const INHERITED = 3;
const UNSEEN = -2;

/** Gives the script of a code point: 0 for Han with Hiragana and Katakana, otherwise its place in a list; ANY for none. */
export function scriptFinder(): (code: number) => number {
  const later = new RegExp(`[${classOf(SINCE_10)}]`, "u");
  const names = NAMES.split(" ");
  const scripts = [
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30fc]/u,
    ...names.map((name) => new RegExp(`\\p{Script=${name}}`, "u")),
  ];
  const low = new Int16Array(0x10000).fill(UNSEEN);
  const high = new Map<number, number>();

  function scriptOf(code: number): number {
    const known = code > 0xffff ? (high.get(code) ?? UNSEEN) : low[code]!;
    if (known !== UNSEEN) return known;
    const character = String.fromCodePoint(code);
    const former = FORMERLY.get(code);
    const script =
      former !== undefined
        ? names.indexOf(former) + 1
        : code === 0x20 || later.test(character)
          ? ANY
          : scripts.findIndex((pattern) => pattern.test(character));
    if (code > 0xffff) high.set(code, script);
    else low[code] = script;
    return script;
  }

  return scriptOf;
}

export function scriptSplitter(): Splitter {
  const scriptOf = scriptFinder();
  return (text, start, end, out) => {
    let last = ANY;
    let from = end;
    for (let at = start; at < end; ) {
      const code = text.codePointAt(at)!;
      const script = scriptOf(code);
      if (script !== ANY) {
        if (script !== last) {
          out.add(from, at);
          from = at;
        }
        last = script;
      }
      at += code > 0xffff ? 2 : 1;
    }
    out.add(from, end);
  };
}
