/**
 * Reads the text that no model was trained on: the last 3 % of each book's paragraphs.
 *
 * Shapes   48 books of public-domain tales, each its title and its paragraphs
 * Cost     one read of 554 kB at each call
 * Errors   SourceError where the file cannot be read
 */
import { readText } from "./read.js";

export interface HeldOutBook {
  /** Title and Project Gutenberg number, with underscores. */
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** The paragraphs as they stand in the file, one a line. */
  readonly text: string;
}

export async function heldOutBooks(): Promise<readonly HeldOutBook[]> {
  return parseBooks(await readText(new URL("../models/held-out.txt", import.meta.url)));
}

/** Books are separated by NUL; the title is a book's first line. */
export function parseBooks(file: string): HeldOutBook[] {
  return file.split("\0").map((book) => {
    const end = book.indexOf("\n");
    const text = book.slice(end + 1);
    return { title: book.slice(0, end), paragraphs: text.split("\n"), text };
  });
}
