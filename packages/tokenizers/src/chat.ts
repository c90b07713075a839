/**
 * Renders a conversation by the chat template of tokenizer_config.json.
 *
 * Needs    @huggingface/jinja, loaded only where the configuration holds a template
 * Cost     one parse at loading; rendering as the template does
 * Differs  `range` is limited to CHAT_RANGE_LIMIT numbers; there is no clock: a template that asks for `strftime_now`
 *          takes its own default date, unless `variables` holds that function
 * Errors   FormatError: the template does not parse; ArgumentError: it refuses the messages; CapabilityError: no such
 *          template
 */
import { ArgumentError, CapabilityError } from "@frugal/tensor/errors";
import * as read from "./formats/fields.js";
import { CHAT_RANGE_LIMIT, CHAT_TEMPLATE_LIMIT, COMPONENT_LIMIT } from "./limits.js";
import type { ChatMessage, ChatOptions } from "./types.js";

export type ChatRenderer = (messages: readonly ChatMessage[], options?: ChatOptions) => string;

/** The tokens that templates read as `bos_token` and so on. */
export type ChatTokens = Readonly<Record<string, string>>;

/** What every template may use. */
const GLOBALS = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  range,
  raise_exception: refuse,
};

export const noChat: ChatRenderer = () => {
  throw new CapabilityError(
    "renderChat",
    ["a chat template"],
    "Pass tokenizer_config.json as `config` to loadTokenizer.",
  );
};

export async function chatRenderer(config: read.Fields, tokens: ChatTokens): Promise<ChatRenderer> {
  const sources = templateSources(config);
  if (sources.size === 0) return noChat;
  const { Environment, Interpreter, Template } = await import("@huggingface/jinja");
  const templates = new Map<string, InstanceType<typeof Template>>();
  for (const [name, source] of sources) {
    try {
      templates.set(name, new Template(source));
    } catch (cause) {
      throw read.invalid("chat_template", `does not parse: ${reason(cause)}`, cause);
    }
  }
  return (messages, options = {}) => {
    const name = options.template ?? "default";
    const template = templates.get(name);
    if (template === undefined)
      throw new CapabilityError(
        "renderChat",
        [`the chat template ${JSON.stringify(name)}`],
        `There are: ${[...templates.keys()].join(", ")}.`,
      );
    checkMessages(messages);
    try {
      const names = {
        ...GLOBALS,
        ...tokens,
        ...options.variables,
        messages,
        add_generation_prompt: options.addGenerationPrompt ?? false,
      };
      const environment = new Environment();
      for (const [key, value] of Object.entries(names)) environment.set(key, value);
      return String(new Interpreter(environment).run(template.parsed).value);
    } catch (cause) {
      throw new ArgumentError(
        "renderChat",
        "messages",
        `what the chat template accepts (it says: ${reason(cause)})`,
        messages.map((message) => message.role),
      );
    }
  };
}

/** One text, or a list of `{name, template}`. */
function templateSources(config: read.Fields): Map<string, string> {
  const sources = new Map<string, string>();
  const value = read.raw(config, "chat_template") ?? [];
  if (!Array.isArray(value)) {
    sources.set("default", checked(read.string(config, "chat_template"), "chat_template"));
    return sources;
  }
  value.slice(0, COMPONENT_LIMIT).forEach((entry, i) => {
    const fields = read.fields(entry, `chat_template[${i}]`);
    sources.set(read.string(fields, "name"), checked(read.string(fields, "template"), fields.path));
  });
  return sources;
}

const checked = (source: string, path: string): string =>
  read.bounded(source, path, CHAT_TEMPLATE_LIMIT);

function checkMessages(messages: readonly ChatMessage[]): void {
  if (!Array.isArray(messages))
    throw new ArgumentError("renderChat", "messages", "a list of messages", messages);
  messages.forEach((message: unknown, i) => {
    const { role, content } = (message ?? {}) as { role?: unknown; content?: unknown };
    if (typeof role !== "string")
      throw new ArgumentError("renderChat", `messages[${i}].role`, "a string", role);
    if (typeof content !== "string" && !Array.isArray(content))
      throw new ArgumentError("renderChat", `messages[${i}].content`, "a string or parts", content);
  });
}

function range(first: number, end?: number, step = 1): number[] {
  const [start, stop] = end === undefined ? [0, first] : [first, end];
  const count = Math.ceil((stop - start) / step);
  if (!(count <= CHAT_RANGE_LIMIT))
    throw new ArgumentError("renderChat", "range", `at most ${CHAT_RANGE_LIMIT} numbers`, count);
  return Array.from({ length: Math.max(0, count) }, (_, i) => start + i * step);
}

function refuse(message: unknown): never {
  throw new ArgumentError("renderChat", "messages", `fit for the template: ${message}`, "others");
}

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
