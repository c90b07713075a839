/**
 * One stage of a decoder: tokens go in one by one, text comes out as soon as it is certain.
 *
 * A stage is fed either separate tokens or, behind a stage that joins them, pieces of one long token. `decode` and the
 * stream are the same stages; only `<0xNN>` tokens that are not UTF-8 are read differently (see `byteFallbackStage`).
 */
export interface Stage {
  /** One token, or the next piece of the joined text. */
  push(token: string, emit: (token: string) => void): void;
  /** Whether it waits for the rest of a character. */
  isInside?(): boolean;
  /** Nothing follows. The stage then starts anew. */
  end(emit: (token: string) => void): void;
}

/** What makes a stage for one stream; `joins` where what leaves it is one long token in pieces. */
export interface StageKind {
  readonly joins: boolean;
  /** With `eager`, text leaves as soon as it is sure for input that is well-formed. */
  make(eager: boolean): Stage;
}

/** A stage that changes each token by itself. */
export const perToken = (change: (token: string) => string): StageKind => ({
  joins: false,
  make: () => ({
    push: (token, emit) => emit(change(token)),
    end: () => undefined,
  }),
});

/** A stage that must see the whole joined text: gives all of it at the end. */
export const onWhole = (change: (text: string) => string): StageKind => ({
  joins: true,
  make: () => {
    const parts: string[] = [];
    return {
      push: (token) => void parts.push(token),
      end: (emit) => {
        const whole = parts.join("");
        parts.length = 0;
        emit(change(whole));
      },
    };
  },
});
