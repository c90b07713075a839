/**
 * Draws pictures of coloured shapes, which the model `scenes` is asked about.
 *
 * Shapes   seed  ->  pixels [64, 64, 3] u8, RGB, rows from the top; 3..7 objects in reading order
 * Units    x, y and radius in pixels; row and col in cells of 16 pixels
 * Cost     64*64*3 draws for the ground, 9 tests a pixel that an object may touch
 * Order    the draws follow one another in a fixed order: a changed line changes every later picture
 * Errors   ArgumentError for a seed that is not an integer
 */
import { pick, type Random, random, shuffle } from "./random.js";
import { checkSeed } from "./seeds.js";
import { insideOf, SHAPES, type Shape } from "./shapes.js";

export const IMAGE_SIZE = 64;
const CELL = 16;
/** Cells along a side. */
export const GRID = 4;
/** Points along a side of a pixel at which cover is tested. */
const SUPERSAMPLES = 3;

export const COLORS = {
  red: [220, 40, 40],
  green: [50, 180, 60],
  blue: [50, 90, 230],
  yellow: [240, 215, 50],
  purple: [150, 60, 200],
  orange: [245, 140, 30],
  cyan: [60, 210, 220],
  white: [240, 240, 240],
} as const;

export type Color = keyof typeof COLORS;

export const COLOR_NAMES: readonly Color[] = [
  "red",
  "green",
  "blue",
  "yellow",
  "purple",
  "orange",
  "cyan",
  "white",
];

export interface SceneObject {
  readonly color: Color;
  readonly shape: Shape;
  readonly row: number;
  readonly col: number;
  readonly radius: number;
  readonly x: number;
  readonly y: number;
}

export interface Scene {
  readonly pixels: Uint8Array;
  readonly objects: readonly SceneObject[];
}

export function scene(seed: number): Scene {
  checkSeed("scene", seed);
  const draw = random(seed ^ 0x5ce9e5);
  const objects = placeObjects(draw);
  const pixels = new Uint8Array(IMAGE_SIZE * IMAGE_SIZE * 3);
  paintGround(pixels, draw);
  for (const object of objects) paintObject(pixels, object, draw);
  return { pixels, objects };
}

/** Which of the 64 (color, shape) pairs a scene holds, color-major, as the presence head orders them. */
export function presenceOf({ objects }: Pick<Scene, "objects">): Uint8Array {
  const present = new Uint8Array(COLOR_NAMES.length * SHAPES.length);
  for (const { color, shape } of objects) {
    present[COLOR_NAMES.indexOf(color) * SHAPES.length + SHAPES.indexOf(shape)] = 1;
  }
  return present;
}

function placeObjects(draw: Random): SceneObject[] {
  const count = 3 + Math.floor(draw() * 5);
  const cells = shuffle(
    draw,
    Array.from({ length: GRID * GRID }, (_, cell) => cell),
  );
  return cells
    .slice(0, count)
    .sort((a, b) => a - b)
    .map((cell) => placeObject(draw, Math.floor(cell / GRID), cell % GRID));
}

function placeObject(draw: Random, row: number, col: number): SceneObject {
  const radius = 4.6 + draw() * 2.4;
  const color = pick(draw, COLOR_NAMES);
  const shape = pick(draw, SHAPES);
  const x = col * CELL + CELL / 2 + (draw() - 0.5) * 3;
  const y = row * CELL + CELL / 2 + (draw() - 0.5) * 3;
  return { color, shape, row, col, radius, x, y };
}

/** A dark ground with a slope of brightness and noise. */
function paintGround(pixels: Uint8Array, draw: Random): void {
  const base = [20 + draw() * 70, 20 + draw() * 70, 20 + draw() * 70];
  const slopeX = (draw() - 0.5) * 50;
  const slopeY = (draw() - 0.5) * 50;
  const noise = 3 + draw() * 14;
  const span = IMAGE_SIZE - 1;
  let at = 0;
  for (let y = 0; y < IMAGE_SIZE; y++) {
    for (let x = 0; x < IMAGE_SIZE; x++) {
      for (const level of base) {
        const slope = level + slopeX * (x / span - 0.5) + slopeY * (y / span - 0.5);
        pixels[at++] = byte(slope + (draw() - 0.5) * noise);
      }
    }
  }
}

function paintObject(pixels: Uint8Array, object: SceneObject, draw: Random): void {
  const tint = COLORS[object.color].map((level) => byte(level + (draw() - 0.5) * 24));
  const reach = object.radius + 2;
  const firstX = Math.max(0, Math.floor(object.x - reach));
  const firstY = Math.max(0, Math.floor(object.y - reach));
  const endX = Math.min(IMAGE_SIZE, Math.ceil(object.x + reach));
  const endY = Math.min(IMAGE_SIZE, Math.ceil(object.y + reach));
  for (let y = firstY; y < endY; y++) {
    for (let x = firstX; x < endX; x++) {
      const cover = coverOf(object, x, y);
      if (cover === 0) continue;
      const at = (y * IMAGE_SIZE + x) * 3;
      for (let c = 0; c < 3; c++) pixels[at + c] = pixels[at + c]! * (1 - cover) + tint[c]! * cover;
    }
  }
}

/** Share of a pixel that an object covers, in ninths. */
function coverOf(object: SceneObject, x: number, y: number): number {
  const inside = insideOf(object.shape);
  let hits = 0;
  for (let sy = 0; sy < SUPERSAMPLES; sy++) {
    for (let sx = 0; sx < SUPERSAMPLES; sx++) {
      const dx = (x + (sx + 0.5) / SUPERSAMPLES - object.x) / object.radius;
      const dy = (y + (sy + 0.5) / SUPERSAMPLES - object.y) / object.radius;
      if (inside(dx, dy)) hits++;
    }
  }
  return hits / (SUPERSAMPLES * SUPERSAMPLES);
}

/** Clamps to 0..255 and keeps the fraction; the Uint8Array cuts it off. */
function byte(level: number): number {
  return Math.max(0, Math.min(255, level));
}
