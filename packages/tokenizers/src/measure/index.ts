/** Measures what a tokenizer costs, and on whom. */
export {};
