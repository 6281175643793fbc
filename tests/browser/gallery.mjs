// Takes pictures of the pages in a folder with Chromium, and says where one overflows or breaks its policy.
// usage: node gallery.mjs FOLDER [PAGE..]

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { open } from "./chromium.mjs";

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

const browser = await open();
const faults = [];
const pages = readdirSync(folder)
    .filter((name) => name.endsWith(".html"))
    .map((name) => name.slice(0, -5))
    .filter((name) => only.length === 0 || only.includes(name));
for (const name of pages) {
    for (const view of views) {
        const page = `${name} (${view.name})`;
        await browser.look(view.width, view.scheme);
        await browser.go(`${origin}/${name}.html`);
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
        const { width, height, small } = JSON.parse(await browser.run(measure));
        faults.push(...browser.faults.splice(0).map((fault) => `${page}: ${fault}`));
        if (width > view.width) faults.push(`${page}: ${width} pixels wide`);
        if (view.name === "phone") faults.push(...small.map((one) => `${page}: too small to touch: ${one}`));
        writeFileSync(join(folder, `${name}.${view.name}.png`), await browser.picture(view.width, height));
    }
}
await browser.close();
server.close();
for (const fault of faults) console.error(fault);
console.log(`gallery: ${pages.length} pages, ${pages.length * views.length} pictures, ${faults.length} faults`);
process.exit(faults.length ? 1 : 0);
