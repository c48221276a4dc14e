// Reads diagrams from standard input, a JSON list of texts, and writes what Mermaid's own parser makes of each: its kind,
// actors and messages, or what is wrong with it.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<!doctype html><body></body>");
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import("mermaid");

// Mermaid keeps characters that are given as numbers so until it draws.
const drawn = (text) => text.replace(/ﬂ°°(\d+)¶ß/g, (_, number) => String.fromCodePoint(number));

async function told(text) {
  try {
    const { diagramType } = await mermaid.parse(text);
    const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
    const actors = [...diagram.db.getActors().values()].map((each) => drawn(each.description));
    const messages = diagram.db.getMessages().map((each) => each.message).filter((each) => typeof each === "string").map(drawn);
    return { kind: diagramType, actors, messages };
  } catch (error) {
    return { wrong: String(error.message) };
  }
}

const texts = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(await Promise.all(texts.map(told))));
