/** Other ways to cut text than the one that a tokenizer was trained for. */
export {};
