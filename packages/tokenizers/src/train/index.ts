/** Trains tokenizers from text. */
export {};
