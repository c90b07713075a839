/** Changes a tokenizer, or gives a model the rows for a new one. */
export {};
