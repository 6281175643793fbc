// Takes pictures of the pages in a folder with Chromium, and says where one overflows or breaks its policy.
// usage: node gallery.mjs FOLDER [PAGE..]

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";

const [folder, ...only] = process.argv.slice(2);
const policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'";
const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png" };
const views = [
    { name: "desktop", width: 1280, scheme: "light" },
    { name: "phone", width: 360, scheme: "light" },
    { name: "dark", width: 1280, scheme: "dark" },
    { name: "phone-dark", width: 360, scheme: "dark" },
];

const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    try {
        const bytes = readFileSync(join(folder, path));
        const type = types[extname(path)] ?? "application/octet-stream";
        response.writeHead(200, { "Content-Type": type, "Content-Security-Policy": policy });
        response.end(bytes);
    } catch {
        response.writeHead(404).end();
    }
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const origin = `http://127.0.0.1:${server.address().port}`;

const profile = mkdtempSync(join(tmpdir(), "gallery-"));
const browser = spawn(
    "chromium",
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe", `--user-data-dir=${profile}`,
    ],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
);
const [, , , to, from] = browser.stdio;
const waiting = new Map();
const faults = [];
let number = 0;
let loaded = () => {};
let page = "";
let rest = "";
from.on("data", (bytes) => {
    const parts = (rest + bytes).split("\0");
    rest = parts.pop();
    for (const part of parts) {
        const message = JSON.parse(part);
        if (message.id) {
            waiting.get(message.id)?.(message);
        } else if (message.method === "Page.loadEventFired") {
            loaded();
        } else if (message.method === "Log.entryAdded") {
            faults.push(`${page}: ${message.params.entry.text} ${message.params.entry.url ?? ""}`);
        } else if (message.method === "Runtime.exceptionThrown") {
            faults.push(`${page}: ${message.params.exceptionDetails.exception?.description}`);
        }
    }
});

let session;
function ask(method, params = {}) {
    number += 1;
    const id = number;
    to.write(`${JSON.stringify({ id, method, params, sessionId: session })}\0`);
    return new Promise((done, failed) => {
        waiting.set(id, (message) => {
            waiting.delete(id);
            message.error ? failed(new Error(`${method}: ${message.error.message}`)) : done(message.result);
        });
    });
}

const { targetId } = await ask("Target.createTarget", { url: "about:blank" });
session = (await ask("Target.attachToTarget", { targetId, flatten: true })).sessionId;
for (const domain of ["Page", "Log", "Runtime"]) await ask(`${domain}.enable`);

const pages = readdirSync(folder)
    .filter((name) => name.endsWith(".html"))
    .map((name) => name.slice(0, -5))
    .filter((name) => only.length === 0 || only.includes(name));
for (const name of pages) {
    for (const view of views) {
        page = `${name} (${view.name})`;
        await ask("Emulation.setDeviceMetricsOverride", {
            width: view.width, height: 800, deviceScaleFactor: 1, mobile: view.width < 600,
        });
        await ask("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: view.scheme }] });
        const load = new Promise((done) => { loaded = done; });
        await ask("Page.navigate", { url: `${origin}/${name}.html` });
        await load;
        // Pictures further down load when they come near.
        const measure = `(async () => {
            document.activeElement?.blur();
            for (const image of document.images) image.loading = "eager";
            await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
            const small = [...document.querySelectorAll("a, button, input, select, textarea, summary")].filter((one) => {
                const box = one.getBoundingClientRect();
                const inText = getComputedStyle(one).display === "inline" || one.closest(".skip, .tick");
                return box.width > 0 && !inText && box.height < 44;
            }).map((one) => one.outerHTML.slice(0, 80));
            return JSON.stringify({ width: document.documentElement.scrollWidth, height: document.documentElement.scrollHeight, small });
        })()`;
        const result = await ask("Runtime.evaluate", { expression: measure, awaitPromise: true });
        const { width, height, small } = JSON.parse(result.result.value);
        if (width > view.width) faults.push(`${page}: ${width} pixels wide`);
        if (view.name === "phone") faults.push(...small.map((one) => `${page}: too small to touch: ${one}`));
        const { data } = await ask("Page.captureScreenshot", {
            captureBeyondViewport: true, clip: { x: 0, y: 0, width: view.width, height: Math.max(height, 400), scale: 1 },
        });
        writeFileSync(join(folder, `${name}.${view.name}.png`), Buffer.from(data, "base64"));
    }
}
browser.kill();
await new Promise((ended) => browser.on("exit", ended));
rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
server.close();
for (const fault of faults) console.error(fault);
console.log(`gallery: ${pages.length} pages, ${pages.length * views.length} pictures, ${faults.length} faults`);
process.exit(faults.length ? 1 : 0);
