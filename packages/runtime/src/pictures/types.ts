/** Pictures as the runtime handles them: 8 bits a channel, RGB, row by row. */
export interface Picture {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** [height, width, 3] */
  readonly data: Uint8Array;
}
