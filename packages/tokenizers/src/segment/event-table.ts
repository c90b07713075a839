/**
 * The events of a training, to be looked up by the tokens that they change.
 *
 * Shapes   tokens are numbered as they are met; a pair is one exact number
 * Cost     O(events) to build; a look-up O(events of one pair or token)
 */
import { Vocabulary } from "../train/vocabulary.js";
import type { ReplayRules } from "./event-replay.js";

const TOKENS = 2 ** 26;

export class EventTable implements ReplayRules {
  readonly tokens = new Vocabulary();
  readonly #spans: number[] = [];
  readonly #merges = new Map<number, number[]>();
  readonly #wordMerges = new Map<number, number[]>();
  readonly #splits = new Map<number, number[]>();
  /** Of each event the token that it makes, or the parts. */
  readonly #results: (number | readonly number[])[] = [];

  numberOf(token: string): number {
    const number = this.tokens.add(token);
    this.#spans[number] ??= [...token].length;
    return number;
  }

  addMerge(left: string, right: string): void {
    this.#addPair(this.#merges, left, right);
  }

  addWordMerge(left: string, right: string): void {
    this.#addPair(this.#wordMerges, left, right);
  }

  addSplit(token: string, parts: readonly string[]): void {
    append(this.#splits, this.numberOf(token), this.#results.length);
    this.#results.push(parts.map((part) => this.numberOf(part)));
  }

  mergeAfter(left: number, right: number, event: number): number {
    return firstAfter(this.#merges.get(left * TOKENS + right), event);
  }

  wordMergeAfter(left: number, right: number, event: number): number {
    return firstAfter(this.#wordMerges.get(left * TOKENS + right), event);
  }

  splitAfter(token: number, event: number): number {
    return firstAfter(this.#splits.get(token), event);
  }

  product(event: number): number {
    return this.#results[event] as number;
  }

  parts(event: number): readonly number[] {
    return this.#results[event] as readonly number[];
  }

  span(token: number): number {
    return this.#spans[token]!;
  }

  #addPair(table: Map<number, number[]>, left: string, right: string): void {
    const key = this.numberOf(left) * TOKENS + this.numberOf(right);
    append(table, key, this.#results.length);
    this.#results.push(this.numberOf(left + right));
  }
}

function append(table: Map<number, number[]>, key: number, event: number): void {
  const events = table.get(key);
  if (events === undefined) table.set(key, [event]);
  else events.push(event);
}

const firstAfter = (events: readonly number[] | undefined, event: number): number =>
  events?.find((found) => found > event) ?? -1;
