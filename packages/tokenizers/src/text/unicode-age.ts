/**
 * Which characters are younger than a version of Unicode, so that results depend neither on the host's version nor on
 * what the reference knew less.
 *
 * Shapes   a table: ranges of code points in base 36, each `skip.more`: so far behind the last one, so many more
 * Differs  a range reaches over neighbors that no version of Unicode has given out yet
 */

/** In 9.0 and not in 8.0; the tables of some rules of the reference are those of 8.0. */
export const SINCE_9 =
  "1px.19 pq 5r.7 2.6 o.2 2yw.1r 8n.5 16o.4 210.1o nxr.1 7q.8 hj4.2 m3.2d 2m7.1t 6u.7e d7.11 vu.zq fq9.cpr " +
  "8fl.2mn 60.10o po.22 2e.4 mz 16 8d.e l.b ey.2u 6.1m";

/** Not in 9.0. */
export const SINCE_10 =
  "128 14 2r.4 1a da.4 2o.1s m 9.l 89.4 3a.a 3e.6 26.7 4v 1i.2 v.4 h.7 d 2b.6 m.d 4 1j.1 1w.1 78.1 3 2.1 2.5 5 " +
  "8 8.1 3 e k.1 1mm 8.a 6o 2x.7 g0.1s 25.3 1a.2 7e.1i 1k 3.5 6v.4 jp.g mo 14.o 1g7.1 z.2 d 9.p 5.f 1c 1c di.1m " +
  "al.3 8f.2 3v.4 11.b 7k 59z.9 g7r.15 1io 9.1q 1i.3 5r.1 h3.9 fv7.g a6.f 1t.1 1j.7 1b.1 pp.3 at.b g1.3z a1.47 " +
  "8x.1r 51.3 h.7 j5.9r w.ao 35.e 1w.d 39.b 3j.1 34.1s 57.1 1m.3u 2j 4.x ft.7 b.1h r.2 10.9r 2p.cf 1m.7a 54.nc " +
  "11h.24b ts.34g g8.6ns hd.2n 5d.of 1y.a 1c.f 2b.u 4q6.i l0.7bg 3.2d9 4l.3tn dm.m 1z.55 37.3x 1bl.11r 18.1jo " +
  "98.4 h.wv lq.2 w 1p.3 1q.1k 31.4t r8.c o.8 39.b 2e.16 4v.2p g 9.7 2.1 d d.3 g.w j.19 2.18c wyi.14 37a.a " +
  "4mb.865 1kx.1ekd";

/** Not in 16.0. */
export const SINCE_17 =
  "1ov r0.1 3f.5 2r7.1c 14y.e 24n ojc.1 3 2 9.k gk2.f ce.1 1j.6 29e.1r 11i.1i 2dr.51 dn.8l fr0.2s 6r.d 4qh.7 " +
  "zu.6w6 5qj.5 c5.23 4jl.db 2yh.3 4c.3 94.1p 9h.b 17.4 1l.6 t.5 7f.sl 106z.5 4mb.d gsh.f974";

/** First and last code point of each range. */
export function rangesOf(table: string): readonly (readonly [number, number])[] {
  let last = 0;
  return table.split(" ").map((entry) => {
    const [skip, more = "0"] = entry.split(".");
    const first = last + Number.parseInt(skip!, 36);
    last = first + Number.parseInt(more, 36);
    return [first, last] as const;
  });
}

/** The ranges for a class of an expression with the flag `u`. */
export function classOf(...tables: readonly string[]): string {
  const codeOf = (code: number): string => `\\u{${code.toString(16)}}`;
  return tables
    .flatMap(rangesOf)
    .map(([first, last]) => `${codeOf(first)}-${codeOf(last)}`)
    .join("");
}

/** `set`, the inside of a class, without the characters of `without`, as one character of an expression. */
export const except = (without: string, set: string): string => `(?![${without}])[${set}]`;
