// Builds the style sheets and scripts of the pages into webapp/web/static with hashed names, a manifest
// (name -> hashed file) and gzip / brotli copies. Run by the node of the wheel: see the Makefile.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "webapp", "web", "static");
const COMPRESSED = /\.(js|css|svg|txt)$/;

// Parts of the panel whose words nobody hands a translation to fall back to this one place: let it ask our words.
const FALLBACK = "function translateFallback(template, replacements) {";
const panelWords = {
  name: "panel-words",
  setup({ onLoad }) {
    onLoad({ filter: /@bpmn-io.properties-panel.dist.index\.esm\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      if (!source.includes(FALLBACK)) throw new Error("the panel's fallback for words has moved: adapt build.mjs");
      return { contents: source.replace(FALLBACK, `${FALLBACK}\n  template = globalThis.panelWords?.(template) ?? template;`) };
    });
  },
};

const result = await build({
  plugins: [panelWords],
  absWorkingDir: here,
  entryPoints: {
    app: "src/app.js",
    page: "src/page.css",
    paper: "src/paper.css",
    viewer: "src/viewer.js",
    diagram: "src/diagram.css",
    designs: "src/designs.js",
    "designs-style": "src/designs.css",
    designer: "src/designer/designer.js",
    "designer-style": "src/designer/designer.css",
  },
  loader: { ".woff": "dataurl", ".woff2": "dataurl", ".eot": "empty", ".ttf": "empty", ".svg": "empty" },
  outdir: out,
  entryNames: "[name]-[hash]",
  bundle: true,
  format: "esm",
  target: ["chrome100", "firefox100", "safari15"],
  charset: "utf8",
  minify: true,
  legalComments: "linked",
  metafile: true,
  write: false,
  logLevel: "warning",
});

function hashed(name, kind, contents) {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 8).toUpperCase();
  return { path: join(out, `${name}-${hash}.${kind}`), contents };
}

// One sprite from src/icons: each file is the inside of a 20 by 20 symbol.
async function sprite() {
  const folder = join(here, "src", "icons");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".svg")).sort();
  const symbols = await Promise.all(
    names.map(async (name) => {
      const inside = (await readFile(join(folder, name), "utf8")).trim();
      return `<symbol id="${basename(name, ".svg")}" viewBox="0 0 20 20">${inside}</symbol>`;
    }),
  );
  const bytes = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
  return hashed("icons", "svg", bytes);
}

// The licences of every package that went into the bundles, in one file beside them.
async function licences() {
  const packages = new Set();
  for (const input of Object.keys(result.metafile.inputs)) {
    const found = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//g);
    if (found) packages.add(found.at(-1));
  }
  const texts = await Promise.all(
    [...packages].sort().map(async (folder) => {
      const path = join(here, folder);
      const { name, version, license } = JSON.parse(await readFile(join(path, "package.json"), "utf8"));
      const file = (await readdir(path)).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file ? await readFile(join(path, file), "utf8") : `${license}\n`;
      return `${name} ${version}\n\n${text}`;
    }),
  );
  return hashed("licences", "txt", Buffer.from(texts.join(`\n${"-".repeat(72)}\n\n`)));
}

const files = [...result.outputFiles, await sprite(), await licences()];
const manifest = {};
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
for (const { path, contents } of files) {
  const name = basename(path);
  manifest[name.replace(/-[A-Z0-9]{8}(?=\.)/, "")] = name;
  await writeFile(path, contents);
  if (!COMPRESSED.test(name)) continue;
  await writeFile(`${path}.gz`, gzipSync(contents, { level: 9 }));
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  await writeFile(`${path}.br`, brotliCompressSync(contents, quality));
}
await writeFile(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
