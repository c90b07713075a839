/** Three small trained models, the generators of their tasks, and what a correct runtime answers. */
export { type HeldOutBook, heldOutBooks } from "./held-out.js";
export { MODEL_NAMES, modelDirectory, type ReferenceModelName } from "./models.js";
export { type Fact, facts, type Notes, withNotes } from "./notes.js";
export { QUESTION_KINDS, type Question, type QuestionKind, questions } from "./questions.js";
export { pick, type Random, random, shuffle } from "./random.js";
export { type RecallOptions, type RecallPrompt, recallPrompt } from "./recall.js";
export {
  COLOR_NAMES,
  COLORS,
  type Color,
  IMAGE_SIZE,
  presenceOf,
  type Scene,
  type SceneObject,
  scene,
} from "./scenes.js";
export {
  type PerplexityItem,
  type PresenceItem,
  type QuestionItem,
  type RecallItem,
  type ScoreItem,
  scoreItems,
} from "./scores.js";
export {
  EVALUATION_SEEDS,
  SCORED_NOTE_SEEDS,
  SCORED_SCENE_SEEDS,
  type SeedRange,
  TRAINING_NOTE_SEEDS,
  TRAINING_SCENE_SEEDS,
} from "./seeds.js";
export { SHAPES, type Shape } from "./shapes.js";
