/** Limits against hostile files and texts, each with its reason. */

/** Units of a tokenizer.json: the largest in use (262,000 tokens with merges) takes 34 million. */
export const FILE_LENGTH_LIMIT = 1 << 28;

/** Units of one text: positions, ids and heap keys stay exact 32-bit numbers. */
export const TEXT_LENGTH_LIMIT = 1 << 28;

/** Nested `Sequence` components: real files use two levels. */
export const NESTING_LIMIT = 16;

/** Components over all levels of one `Sequence`: real files use fewer than ten. */
export const COMPONENT_LIMIT = 256;

/** Ids below it: more than ten times the largest vocabulary in use. */
export const ID_LIMIT = 1 << 22;

/** Merges: the rank takes 22 bits of a heap key. */
export const MERGE_LIMIT = 1 << 22;

/** Units of one added token: matching is linear in the text times this, at worst. */
export const ADDED_TOKEN_LENGTH_LIMIT = 1024;

/** Added tokens: the largest file in use has 6,415. */
export const ADDED_TOKEN_LIMIT = 1 << 17;

/** Units of one pattern of a `Split` or `Replace`. */
export const PATTERN_LENGTH_LIMIT = 4096;

/** Units of one replacement or prefix: a text grows by at most this factor. */
export const REPLACEMENT_LENGTH_LIMIT = 64;

/** Tokens that a post-processor adds around a text. */
export const TEMPLATE_LENGTH_LIMIT = 1024;

/** Units of a chat template: the longest in use has 20,000. */
export const CHAT_TEMPLATE_LIMIT = 1 << 20;

/** Length of a list that a chat template may make by `range`. */
export const CHAT_RANGE_LIMIT = 1 << 16;

/** Lists and objects of a JSON file inside one another: `NESTING_LIMIT` components take two each. */
export const JSON_DEPTH_LIMIT = 64;

/** Values of a JSON file outside of vocabulary, merges and added tokens: real files have fewer than 2,000. */
export const JSON_VALUE_LIMIT = 1 << 16;
