/**
 * The page: takes a picture and a question, shows the answer as it is written.
 *
 * State    one model a place (page, worker), loaded when first wanted; one answer at a time
 */
import { IMAGE_SIZE, scene } from "@frugal/reference-models";
import { localAnswerer } from "./local.js";
import { remoteAnswerer } from "./remote.js";
import type { Answerer, MethodChoice, Summary } from "./types.js";

const METHODS: readonly { readonly label: string; readonly choice: MethodChoice }[] = [
  { label: "full: all of them", choice: { name: "full" } },
  { label: "divprune: a quarter, the most diverse", choice: { name: "divprune", keepRatio: 0.25 } },
];
const MAX_TOKENS = 64;

const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const form = element<HTMLFormElement>("form");
const drop = element("drop");
const fileInput = element<HTMLInputElement>("picture");
const preview = element<HTMLImageElement>("preview");
const pictureName = element("picture-name");
const questionInput = element<HTMLInputElement>("question");
const methodSelect = element<HTMLSelectElement>("method");
const inWorker = element<HTMLInputElement>("in-worker");
const askButton = element<HTMLButtonElement>("ask");
const stopButton = element<HTMLButtonElement>("stop");
const status = element("status");
const progress = element<HTMLProgressElement>("progress");
const answer = element<HTMLOutputElement>("answer");

const wanted = new URLSearchParams(location.search).get("model") ?? "models/scenes";
const model = new URL(wanted, document.baseURI).href;
const answerers = new Map<boolean, Promise<Answerer>>();
let picture: Blob | undefined;
let sampleSeed = 10;
let running: AbortController | undefined;

methodSelect.append(...METHODS.map(({ label }, index) => new Option(label, String(index))));
/** Browsers keep what a form held before a reload; the picture is gone by then. */
fileInput.value = "";
fileInput.addEventListener("change", () => usePicture(fileInput.files?.[0]));
for (const type of ["dragenter", "dragover"]) drop.addEventListener(type, dragged);
for (const type of ["dragleave", "drop"]) {
  drop.addEventListener(type, () => drop.classList.remove("over"));
}
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  usePicture(event.dataTransfer?.files[0]);
});
element("sample").addEventListener("click", drawSample);
inWorker.addEventListener("change", prepare);
stopButton.addEventListener("click", () => running?.abort());
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
prepare();

function dragged(event: Event): void {
  event.preventDefault();
  drop.classList.add("over");
}

function usePicture(file: Blob | undefined, name = file instanceof File ? file.name : ""): void {
  if (!file) return;
  if (!/^image\/(png|jpeg)$/.test(file.type)) {
    pictureName.textContent = `${name || "That"} is neither a PNG nor a JPEG`;
    return;
  }
  picture = file;
  URL.revokeObjectURL(preview.src);
  preview.src = URL.createObjectURL(file);
  preview.alt = `The picture ${name}`;
  preview.hidden = false;
  element("drop-hint").hidden = true;
  pictureName.textContent = name;
  refresh();
}

function drawSample(): void {
  sampleSeed++;
  const { pixels } = scene(sampleSeed);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = IMAGE_SIZE;
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = context.createImageData(IMAGE_SIZE, IMAGE_SIZE);
  for (let i = 0; i < IMAGE_SIZE * IMAGE_SIZE; i++) {
    image.data.set(pixels.subarray(i * 3, i * 3 + 3), i * 4);
    image.data[i * 4 + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  const name = `sample ${sampleSeed}`;
  canvas.toBlob((blob) => usePicture(blob ?? undefined, name), "image/png");
}

/** Loads the model where it is wanted; what fails can be tried again. */
async function prepare(): Promise<Answerer | undefined> {
  const place = inWorker.checked;
  const load = place ? remoteAnswerer : localAnswerer;
  const loading = answerers.get(place) ?? load(model, showProgress);
  answerers.set(place, loading);
  document.body.dataset.state = "loading";
  status.textContent = "Loading the model …";
  try {
    const ready = await loading;
    if (place !== inWorker.checked) return undefined;
    element("path").textContent = `${ready.path}${place ? ", in a worker" : ""}`;
    status.textContent = "Ready";
    document.body.dataset.state = "ready";
    return ready;
  } catch (error) {
    answerers.delete(place);
    showFailure(error);
    return undefined;
  } finally {
    progress.hidden = true;
    refresh();
  }
}

function showProgress(loadedBytes: number, totalBytes: number | undefined): void {
  progress.hidden = false;
  if (totalBytes) progress.value = loadedBytes / totalBytes;
  else progress.removeAttribute("value");
}

async function ask(): Promise<void> {
  if (running || !picture) return;
  const controller = new AbortController();
  running = controller;
  answer.replaceChildren();
  answer.classList.remove("failed");
  refresh();
  try {
    const ready = await prepare();
    if (!ready) return;
    status.textContent = "Looking at the picture …";
    const question = {
      picture,
      text: questionInput.value,
      method: METHODS[methodSelect.selectedIndex]!.choice,
      maxTokens: MAX_TOKENS,
    };
    document.body.dataset.state = "answering";
    for await (const { text, tokenIds, summary } of ready.ask(question, controller.signal)) {
      if (tokenIds.length > 0) write(text, tokenIds);
      else if (text) write(text, []);
      if (summary) showSummary(summary);
    }
    status.textContent = "Done";
    document.body.dataset.state = "done";
  } catch (error) {
    if (!controller.signal.aborted) return showFailure(error);
    status.textContent = "Stopped";
    document.body.dataset.state = "stopped";
  } finally {
    running = undefined;
    refresh();
  }
}

function write(text: string, tokenIds: readonly number[]): void {
  const span = document.createElement("span");
  span.textContent = text;
  span.dataset.tokens = tokenIds.join(" ");
  span.title = `tokens ${tokenIds.join(", ")}`;
  answer.append(span);
  status.textContent = "Writing …";
}

function showSummary(summary: Summary): void {
  const { imageTokens, keptImageTokens, newTokens, firstMs, decodeMs, path } = summary;
  element("tokens").textContent = `${keptImageTokens} of ${imageTokens}`;
  element("first").textContent = `${firstMs.toFixed(0)} ms`;
  element("speed").textContent = decodeMs > 0 ? ((newTokens * 1000) / decodeMs).toFixed(0) : "–";
  element("path").textContent = `${path}${inWorker.checked ? ", in a worker" : ""}`;
}

function showFailure(error: unknown): void {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  answer.classList.add("failed");
  answer.textContent = `${name}: ${message}`;
  status.textContent = "Failed";
  document.body.dataset.state = "failed";
}

function refresh(): void {
  askButton.disabled = running !== undefined || !picture;
  stopButton.disabled = running === undefined;
  inWorker.disabled = running !== undefined;
}
